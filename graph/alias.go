package graph

// alias finds the ops whose output is an input's memory seen through another
// shape, and that need no work.
func (p *planner) alias() {
	for _, v := range p.vertices {
		if !v.needed || v.konst != nil || v.fed || v.sole != nil || v.ni.kind != kindOp || v.def.Alias == nil ||
			v.def.writes() || v.def.Draws || v.def.Acts || v.def.Aux != nil {
			continue
		}
		p.now = v
		i := v.def.Alias(specsOfVertices(v.in), v.spec)
		p.now = nil
		if i >= 0 && i < len(v.in) && !v.in[i].dead && v.in[i].spec.Dtype == v.spec.Dtype && sizeOf(v.in[i].spec.Shape) == sizeOf(v.spec.Shape) && (len(v.def.Reads) == 0 || contains(v.def.Reads, i)) {
			v.alias = v.in[i]
		}
	}
}

package pytorch

import (
	"math"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// dtypes are the dtypes by their names in torch, and by those of the storages.
var dtypes = map[string]weights.DType{
	"float32": weights.Float32, "float64": weights.Float64, "float16": weights.Float16, "bfloat16": weights.BFloat16,
	"int8": weights.Int8, "int16": weights.Int16, "int32": weights.Int32, "int64": weights.Int64, "uint8": weights.Uint8, "bool": weights.Bool,
	"uint16": weights.Uint16, "uint32": weights.Uint32, "uint64": weights.Uint64,
	"quint8": weights.Uint8, "qint8": weights.Int8, "qint32": weights.Int32,

	"FloatStorage": weights.Float32, "DoubleStorage": weights.Float64, "HalfStorage": weights.Float16, "BFloat16Storage": weights.BFloat16,
	"CharStorage": weights.Int8, "ShortStorage": weights.Int16, "IntStorage": weights.Int32, "LongStorage": weights.Int64, "ByteStorage": weights.Uint8,
	"BoolStorage": weights.Bool, "QUInt8Storage": weights.Uint8, "QInt8Storage": weights.Int8, "QInt32Storage": weights.Int32,
}

// call makes what a function would return, of the few that are known.
func (m *machine) call() error {
	args, err := m.pop()
	if err != nil {
		return err
	}
	f, err := m.pop()
	if err != nil {
		return err
	}
	g, isGlobal := f.(global)
	l, isList := args.(*list)
	if !isGlobal || !isList {
		return errors.Errorf("a %T is called with a %T; want a function and a tuple", f, args)
	}
	v, err := g.apply(l.items)
	if err != nil {
		return err
	}
	m.take(3 * containerBytes)
	switch v := v.(type) {
	case *dict:
		m.take(2 * pointerBytes * int64(len(v.keys)))
	case *stored:
		m.take(8 * int64(len(v.shape)+len(v.strides)))
	}
	m.push(v)
	return nil
}

func (g global) apply(args []value) (value, error) {
	switch g.String() {
	case "collections.OrderedDict", "builtins.dict", "__builtin__.dict":
		return newDict(args)
	case "collections.defaultdict":
		return &dict{}, nil
	case "builtins.set", "__builtin__.set", "builtins.list", "builtins.tuple", "builtins.frozenset", "torch.Size":
		if len(args) == 1 {
			if l, ok := args[0].(*list); ok {
				return l, nil
			}
		}
		return &list{}, nil
	case "argparse.Namespace", "types.SimpleNamespace":
		return &dict{}, nil // its fields come by BUILD
	case "torch.device", "torch._utils._rebuild_device_tensor_from_numpy":
		return nil, nil
	case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
		if len(args) > 0 {
			return args[0], nil
		}
	case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
		if len(args) >= 4 {
			return newStored(args[:4], nil)
		}
	case "torch._utils._rebuild_tensor_v3":
		if len(args) >= 7 {
			return newStored(args[:4], args[6])
		}
	case "torch._utils._rebuild_qtensor":
		if len(args) >= 5 {
			return newQuantized(args[:4], args[4])
		}
	default:
		return nil, errors.Errorf("the file wants to call %v; want tensors and plain containers only (save model.state_dict(), or tensors)", g)
	}
	return nil, errors.Errorf("%v is called with %d arguments", g, len(args))
}

// newDict is a dict of a list of pairs, or an empty one.
func newDict(args []value) (value, error) {
	d := &dict{}
	if len(args) == 0 {
		return d, nil
	}
	l, ok := args[0].(*list)
	if !ok {
		return nil, errors.Errorf("a dict is made of a %T", args[0])
	}
	d.keys, d.values = make([]value, 0, len(l.items)), make([]value, 0, len(l.items))
	for _, item := range l.items {
		pair, ok := item.(*list)
		if !ok || len(pair.items) != 2 {
			return nil, errors.New("a dict is made of something else than pairs")
		}
		d.keys, d.values = append(d.keys, pair.items[0]), append(d.values, pair.items[1])
	}
	return d, nil
}

// newStored is a tensor of a storage, an offset, a shape and strides. dtype is a global
// where the storage has none.
func newStored(args []value, dtype value) (*stored, error) {
	s, ok := args[0].(*storage)
	if !ok {
		return nil, errors.Errorf("a tensor is made of a %T; want a storage", args[0])
	}
	t := &stored{storage: s, dtype: s.dtype}
	if dtype != nil {
		g, ok := dtype.(global)
		if t.dtype = dtypes[g.name]; !ok || t.dtype == weights.Invalid {
			return nil, errors.Errorf("a tensor has the dtype %v, which is not supported", dtype)
		}
	}
	if t.offset, ok = args[1].(int64); !ok || t.offset < 0 {
		return nil, errors.Errorf("a tensor begins at %v", args[1])
	}
	var err error
	if t.shape, err = ints(args[2]); err != nil {
		return nil, errors.Wrap(err, "a tensor's shape")
	}
	if t.strides, err = ints(args[3]); err != nil {
		return nil, errors.Wrap(err, "a tensor's strides")
	}
	return t, nil
}

// newQuantized is a tensor whose elements are (stored - zero)*scale.
func newQuantized(args []value, quantizer value) (*stored, error) {
	t, err := newStored(args, nil)
	if err != nil {
		return nil, err
	}
	l, ok := quantizer.(*list)
	if !ok || len(l.items) != 3 {
		return nil, errors.New("a quantised tensor has no scale for all of it; want per_tensor_affine")
	}
	scheme, _ := l.items[0].(global)
	scale, isScale := l.items[1].(float64)
	zero, isZero := l.items[2].(int64)
	if scheme.name != "per_tensor_affine" || !isScale || !isZero || scale == 0 || math.IsNaN(scale) {
		return nil, errors.Errorf("a tensor is quantised by %v; want per_tensor_affine, a scale and a zero point", scheme)
	}
	t.scale, t.min = scale, -float64(zero)*scale
	return t, nil
}

// maxRank is PyTorch's own.
const maxRank = 64

func ints(v value) ([]int, error) {
	l, ok := v.(*list)
	if !ok {
		return nil, errors.Errorf("is a %T; want a tuple", v)
	}
	if len(l.items) > maxRank {
		return nil, errors.Errorf("has %d axes; want at most %d", len(l.items), maxRank)
	}
	out := make([]int, len(l.items))
	for i, item := range l.items {
		n, ok := item.(int64)
		if !ok {
			return nil, errors.Errorf("has %v in it; want integers", item)
		}
		out[i] = int(n)
	}
	return out, nil
}

// build gives an object its fields: to a dict, of whatever class, those that are a dict; to all
// else nothing.
func (m *machine) build() error {
	state, err := m.pop()
	if err != nil {
		return err
	}
	object, err := m.top()
	if err != nil {
		return err
	}
	if d, ok := object.(*dict); ok && len(d.keys) == 0 {
		if fields, ok := state.(*dict); ok {
			m.take(2 * pointerBytes * int64(len(fields.keys)))
			d.keys, d.values = append(d.keys, fields.keys...), append(d.values, fields.values...)
		}
	}
	return nil
}

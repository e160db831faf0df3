package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Eye is the matrix [rows, columns] with ones on its diagonal and zeros
// elsewhere (of bool: true and false).
//
// TF: tf.eye. PyTorch: torch.eye. Dtypes: any. Gradient: no.
func Eye(s *graph.Scope, dtype tensor.Dtype, rows, columns int) *gorgonia.Node {
	if anyDtype.check(graph.Spec{Dtype: dtype}) != nil {
		return s.Failf("Eye", nil, "dtype %v is not supported; use float32, float64, int, int32, int64, uint8 or bool", dtype)
	}
	shape := fixedShape([]int{rows, columns})
	return graph.Apply(s, graph.OpDef{
		Name:  "Eye",
		Attrs: map[string]interface{}{"rows": rows, "columns": columns},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := shape(in)
			return graph.Spec{Dtype: dtype, Shape: out}, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			f, err := byDtype{
				f32: eye[float32](1), f64: eye[float64](1), i: eye(1), i32: eye[int32](1), i64: eye[int64](1),
				u8: eye[uint8](1), bool: eye(true),
			}.of(dtype)
			if err != nil {
				return nil, err
			}
			return f(b)
		},
		NotDifferentiable: true,
	})
}

func eye[T any](one T) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		rows, columns := b.Out.Shape[0], b.Out.Shape[1]
		return func(c *graph.Call) error {
			out := elements[T](c.Out)
			clear(out)
			for i := range min(rows, columns) {
				out[i*columns+i] = one
			}
			return nil
		}, nil
	}
}

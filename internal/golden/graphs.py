"""A MetaGraphDef with something in every field, as Google's protocol buffers encode it, as text and as JSON:
metagraph.pb, .pbtxt and .json in internal/tffile/testdata.

    /usr/bin/python3 -B graphs.py

The messages are those of graphs.proto, compiled by protoc.
"""
import os
import subprocess
import sys
import tempfile

from google.protobuf import json_format, text_format

here = os.path.dirname(os.path.abspath(__file__))
with tempfile.TemporaryDirectory() as made:
    subprocess.run(["protoc", "-I" + here, "--python_out=" + made, "graphs.proto"], check=True)
    sys.path.insert(0, made)
    import graphs_pb2 as pb

m = pb.MetaGraphDef()
m.meta_info_def.tags.append("serve")
m.meta_info_def.tensorflow_version = "1.15.0"
m.meta_info_def.tensorflow_git_version = "v1"
m.saver_def.filename_tensor_name = "save/Const:0"
m.saver_def.save_tensor_name = "save/control_dependency:0"
m.saver_def.restore_op_name = "save/restore_all"
m.saver_def.max_to_keep = 5
m.saver_def.sharded = True
m.saver_def.keep_checkpoint_every_n_hours = 10000
m.saver_def.version = pb.SaverDef.V2
m.collection_def["train_op"].node_list.value.append("GradientDescent")
m.collection_def["trainable_variables"].bytes_list.value.append(pb.VariableDef(
    variable_name="w:0", initializer_name="w/Assign", snapshot_name="w/read:0", initial_value_name="w/zeros:0", is_resource=True,
    trainable=True).SerializeToString())
m.collection_def["steps"].int64_list.value.extend([3, -1])
m.collection_def["rates"].float_list.value.extend([0.5, 0])
m.collection_def["others"].SetInParent()
signature = m.signature_def["serving_default"]
signature.inputs["x"].name, signature.inputs["x"].dtype = "X:0", pb.DT_FLOAT
for size in -1, 784:
    signature.inputs["x"].tensor_shape.dim.add(size=size)
signature.inputs["any"].name, signature.inputs["any"].dtype = "Y:0", pb.DT_INT64
signature.inputs["any"].tensor_shape.unknown_rank = True
signature.outputs["logits"].name, signature.outputs["logits"].dtype = "top:1", pb.DT_FLOAT
signature.outputs["logits"].tensor_shape.SetInParent()
signature.method_name = "tensorflow/serving/predict"

g = m.graph_def
g.versions.producer = 27
n = g.node.add(name="X", op="Placeholder", device="/cpu:0")
n.attr["dtype"].type = pb.DT_FLOAT
for size in -1, 784:
    n.attr["shape"].shape.dim.add(size=size)
n.attr["container"].s = b""
n.attr["ref"].type = pb.DT_INT64_REF
n = g.node.add(name="top", op="TopKV2", input=["X", "k:1", "^X"])
n.attr["k"].i = -3
n.attr["alpha"].f = 0.5
n.attr["sorted"].b = False
n.attr["i"].list.i.extend([1, -2, 1 << 40])
n.attr["f"].list.f.extend([1.5, 0, float("inf"), 1e-30])
n.attr["b"].list.b.extend([True, False])
n.attr["t"].list.type.extend([pb.DT_FLOAT, pb.DT_INT64])
n.attr["s"].list.s.extend([b"a\"b'c\\d\n\xff\x00", b""])
n.attr["shapes"].list.shape.add().unknown_rank = True
for name, dtype, field, values in (
        ("float", pb.DT_FLOAT, "float_val", [0.1]), ("double", pb.DT_DOUBLE, "double_val", [0.1, -2]), ("int", pb.DT_INT32, "int_val", [-7]),
        ("byte", pb.DT_UINT8, "int_val", [200, 1]), ("long", pb.DT_INT64, "int64_val", [-1, 1 << 60]), ("bool", pb.DT_BOOL, "bool_val", [True]),
        ("half", pb.DT_HALF, "half_val", [0x3c00]), ("string", pb.DT_STRING, "string_val", [b"\xfe", b"z"]), ("u4", pb.DT_UINT32, "uint32_val", [1 << 31]),
        ("u8", pb.DT_UINT64, "uint64_val", [1 << 63]), ("complex", pb.DT_COMPLEX64, "scomplex_val", [1, -1])):
    t = n.attr[name].tensor
    t.dtype = dtype
    t.tensor_shape.dim.add(size=3)
    getattr(t, field).extend(values)
t = n.attr["content"].tensor
t.dtype = pb.DT_INT32
t.tensor_shape.dim.add(size=2)
t.tensor_content = b"\x01\0\0\0\xff\xff\xff\xff"

f = g.library.function.add()
f.signature.name = "f_1"
f.signature.input_arg.add(name="x", type=pb.DT_FLOAT)
f.signature.input_arg.add(name="list", type_attr="T", number_attr="N")
f.signature.output_arg.add(name="y", type_list_attr="Ts")
f.signature.control_output.append("done")
n = f.node_def.add(name="call", op="PartitionedCall", input=["x", "other:output:0"])
n.attr["f"].func.name = "g"
n.attr["f"].func.attr["T"].placeholder = "T"
n.attr["branches"].list.func.add(name="a")
n.attr["branches"].list.func.add(name="b")
n.attr["values"].list.tensor.add(dtype=pb.DT_UINT8, tensor_shape=pb.TensorShapeProto(), tensor_content=b"\x07")
f.ret["y"] = "call:output:0"
f.control_ret["done"] = "call"
f.attr["_inline"].b = True


out = os.environ.get("GOLDEN_OUT", os.path.join(here, "..", "tffile", "testdata"))
for name, data in (
        ("metagraph.pb", m.SerializeToString(deterministic=True)),
        ("metagraph.pbtxt", text_format.MessageToString(m).encode()),
        ("metagraph.json", json_format.MessageToJson(m).encode())):
    with open(os.path.join(out, name), "wb") as file:
        file.write(data)

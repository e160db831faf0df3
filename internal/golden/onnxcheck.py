# Checks ONNX models, whose paths are the arguments, by ONNX's own checker and its inference of shapes; says of each that fails why.
import sys

import onnx

for path in sys.argv[1:]:
    try:
        onnx.checker.check_model(onnx.load(path), full_check=True)
    except Exception as e:
        print(path.split("/")[-1], e)

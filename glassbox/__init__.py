"""GlassBox: medical image models trained from scratch on a CPU, and opened up.

Importing any part of it pins what decides the bits of a result before TensorFlow can be imported: the backend, oneDNN,
and the number of threads (a sum split over another number of threads rounds differently).
"""

import os

THREADS = 2

os.environ.update(
    KERAS_BACKEND=os.environ.get("KERAS_BACKEND", "tensorflow"),
    TF_ENABLE_ONEDNN_OPTS="1",
    TF_NUM_INTRAOP_THREADS=str(THREADS),
    TF_NUM_INTEROP_THREADS=str(THREADS),
    OMP_NUM_THREADS=str(THREADS),
    CUDA_VISIBLE_DEVICES="-1",
    TF_CPP_MIN_LOG_LEVEL=os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3"),
)

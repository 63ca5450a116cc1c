"""The switch that makes a training repeat bit for bit on one machine."""

import keras


def pin(seed: int) -> None:
    """Seed every random source and forbid operations whose sums run in another order each time.

    Thread counts and oneDNN, which also decide the bits, are pinned where `glassbox` is imported.
    """
    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()

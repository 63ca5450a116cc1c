# mypy: ignore-errors
"""One measurement of another library, in an environment of its own: started by `benchmarks/explain.py`.

    python benchmarks/peers.py LIBRARY METHOD SAMPLES MODEL.keras HEIGHT WIDTH

Prints seconds and highest memory as JSON. Knows nothing of GlassBox, which that environment does not have.
"""

import json
import resource
import sys
import time

import keras
import numpy as np

NOISE, CHUNK, REPEATS = 0.1, 8, 3


def captum(method, model, image, samples):  # noqa: ANN001, ANN201
    """Captum, of the Keras network under torch."""
    import torch
    from captum.attr import IntegratedGradients, LayerGradCam, NoiseTunnel, Saliency

    picture = torch.tensor(image)

    def score(x):  # noqa: ANN001, ANN202
        return model(x).mean((1, 2, 3))

    if method == "smooth-grad":
        tunnel = NoiseTunnel(Saliency(score))
        return lambda: tunnel.attribute(
            picture, nt_type="smoothgrad", nt_samples=samples, nt_samples_batch_size=CHUNK, stdevs=NOISE, abs=False
        )
    if method == "integrated-gradients":
        return lambda: IntegratedGradients(score).attribute(picture, n_steps=samples, internal_batch_size=CHUNK)
    layers = [each for each in model.layers if each.name.startswith("decoder") and isinstance(each, keras.layers.ReLU)]
    return lambda: [LayerGradCam(score, layer).attribute(picture) for layer in layers]


def xplique(method, model, image, samples):  # noqa: ANN001, ANN201
    """xplique, of the Keras network under TensorFlow."""
    import tensorflow as tf
    from xplique.attributions import IntegratedGradients, SmoothGrad

    def operator(run, inputs, targets):  # noqa: ANN001, ANN202
        return tf.reduce_mean(run(inputs), (1, 2, 3))

    given = {"batch_size": CHUNK, "operator": operator, "reducer": None}
    if method == "smooth-grad":
        explainer = SmoothGrad(model, nb_samples=samples, noise=NOISE, **given)
    else:
        explainer = IntegratedGradients(model, steps=samples, baseline_value=0.0, **given)
    return lambda: explainer(image, np.ones((1, 1), np.float32))


if __name__ == "__main__":
    library, method, samples, path, height, width = sys.argv[1:]
    network = keras.saving.load_model(path, compile=False)
    picture = np.random.default_rng(1).random((1, int(height), int(width), 3), np.float32)
    run = {"captum": captum, "xplique": xplique}[library](method, network, picture, int(samples))
    run()
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    print(json.dumps({"seconds": min(seconds), "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))

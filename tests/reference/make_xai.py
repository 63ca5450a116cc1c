"""Make `xai.npz`: maps of a small network by Captum and xplique, for `tests/xai/test_peers.py` to hold ours to.

The peers are no dependency of GlassBox. In two environments of their own (Captum needs torch, xplique an older
TensorFlow):

    KERAS_BACKEND=torch python tests/reference/make_xai.py captum       # pip install keras torch captum
    KERAS_BACKEND=tensorflow python tests/reference/make_xai.py xplique # pip install keras tensorflow xplique

Each adds its arrays to the file. The network, its weights, pictures and noise are drawn by numpy, so that every library
and backend has the same.
"""

import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers

FILE = Path(__file__).with_name("xai.npz")
HEIGHT, WIDTH, STEPS, SAMPLES, SIGMA, WINDOW = 16, 20, 3000, 20, 0.1, 4


def network() -> keras.Model:
    """A small encoder-decoder with a skip, batch normalisation and ReLU layers, one logit a pixel.

    In the backend's data format: the weights are the same in both.
    """
    first = keras.config.image_data_format() == "channels_first"
    image = keras.Input((3, HEIGHT, WIDTH) if first else (HEIGHT, WIDTH, 3), name="image")
    axis = 1 if first else -1
    skip = layers.ReLU(name="relu1")(layers.Conv2D(6, 3, padding="same", name="conv1")(image))
    x = layers.Conv2D(8, 3, padding="same", name="conv2")(layers.AveragePooling2D(2, name="pool")(skip))
    x = layers.ReLU(name="relu2")(layers.BatchNormalization(axis, name="norm2")(x))
    x = layers.Concatenate(axis, name="join")([layers.UpSampling2D(name="up")(x), skip])
    x = layers.ReLU(name="relu3")(layers.Conv2D(6, 3, padding="same", name="conv3")(x))
    made = keras.Model(image, layers.Conv2D(1, 1, name="logits")(x))
    rng = np.random.default_rng(5)  # one with which no Grad-CAM is dead
    drawn = []
    for weight in made.get_weights():
        scale = 1 / np.sqrt(max(np.prod(weight.shape[:-1]), 1))
        drawn.append(rng.normal(0, scale, weight.shape) if weight.ndim > 1 else rng.uniform(0.2, 0.8, weight.shape))
    made.set_weights([values.astype(np.float32) for values in drawn])
    return made


def given() -> dict[str, np.ndarray]:
    """Pictures, regions and noise."""
    rng = np.random.default_rng(11)
    regions = np.zeros((2, HEIGHT, WIDTH), bool)
    regions[0, 3:11, 4:15] = regions[1, 5:9, 10:18] = True
    return {
        "images": rng.random((2, HEIGHT, WIDTH, 3), np.float32),
        "regions": regions,
        "noise": rng.normal(0, SIGMA, (2, SAMPLES, HEIGHT, WIDTH, 3)).astype(np.float32),
    }


def captum() -> dict[str, np.ndarray]:
    """Captum on the same Keras network under torch, and on a twin of torch's own modules for guided backpropagation."""
    import torch
    from captum.attr import GuidedBackprop, InputXGradient, IntegratedGradients, LayerGradCam, Occlusion, Saliency

    keras.config.set_image_data_format("channels_first")  # Captum's Grad-CAM takes the second axis for the channels
    model, data = network(), given()
    images = torch.tensor(data["images"].transpose(0, 3, 1, 2))
    regions = torch.tensor(data["regions"], dtype=torch.float32)
    made: dict[str, list[np.ndarray]] = {}

    def score(run: torch.nn.Module, i: int):  # noqa: ANN202
        return lambda x: (run(x)[:, 0] * regions[i]).sum((1, 2)) / regions[i].sum()

    twin = _twin(model)
    for i in range(len(images)):
        one, of = images[i : i + 1], score(model, i)
        noisy = one + torch.tensor(data["noise"][i].transpose(0, 3, 1, 2))
        every = torch.cat([Saliency(of).attribute(each[None], abs=False) for each in noisy])
        found = {
            "gradient": Saliency(of).attribute(one, abs=False),
            "gradient_input": InputXGradient(of).attribute(one),
            "integrated": IntegratedGradients(of).attribute(one, n_steps=STEPS, method="riemann_trapezoid"),
            "smooth": every.mean(0, True),
            "variance": every.var(0, unbiased=False, keepdim=True),
            "occlusion": Occlusion(of).attribute(
                one, sliding_window_shapes=(3, WINDOW, WINDOW), strides=(3, WINDOW // 2, WINDOW // 2), baselines=0.3
            ),
            "guided": GuidedBackprop(_Scored(twin, regions[i])).attribute(one),
        }
        for name, values in found.items():
            made.setdefault(name, []).append(values.detach().numpy()[0].transpose(1, 2, 0))
        for layer in ("relu1", "relu2", "relu3"):
            cam = LayerGradCam(of, model.get_layer(layer)).attribute(one, relu_attributions=True)
            made.setdefault(f"cam_{layer}", []).append(cam.detach().numpy()[0, 0])
    return {f"captum_{name}": np.stack(values).astype(np.float32) for name, values in made.items()}


def _twin(model: keras.Model):  # noqa: ANN202
    """The network from torch's own modules."""
    import torch
    from torch import nn

    class Twin(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            for name, shape in (("conv1", (3, 6)), ("conv2", (6, 8)), ("conv3", (14, 6)), ("logits", (6, 1))):
                side = 1 if name == "logits" else 3
                convolution = nn.Conv2d(*shape, side, padding=side // 2)
                kernel, bias = (np.array(weight) for weight in model.get_layer(name).get_weights())
                convolution.weight.data = torch.tensor(kernel.transpose(3, 2, 0, 1).copy())
                convolution.bias.data = torch.tensor(bias)
                setattr(self, name, convolution)
            self.norm2 = nn.BatchNorm2d(8, eps=model.get_layer("norm2").epsilon)
            gamma, beta, mean, variance = (torch.tensor(np.array(w)) for w in model.get_layer("norm2").get_weights())
            self.norm2.weight.data, self.norm2.bias.data = gamma, beta
            self.norm2.running_mean, self.norm2.running_var = mean, variance
            self.relu1, self.relu2, self.relu3 = nn.ReLU(), nn.ReLU(), nn.ReLU()
            self.pool, self.up = nn.AvgPool2d(2), nn.Upsample(scale_factor=2)

        def forward(self, x):  # noqa: ANN001, ANN202
            skip = self.relu1(self.conv1(x))
            x = self.up(self.relu2(self.norm2(self.conv2(self.pool(skip)))))
            return self.logits(self.relu3(self.conv3(torch.cat([x, skip], 1))))

    twin = Twin().eval()
    sample = np.random.default_rng(1).random((1, 3, HEIGHT, WIDTH), np.float32)
    difference = np.abs(twin(torch.tensor(sample)).detach().numpy() - model(torch.tensor(sample)).detach().numpy())
    assert difference.max() < 1e-5, f"the twin differs by {difference.max()}"
    return twin


def _Scored(twin, region):  # noqa: ANN001, ANN202
    """A module whose output is the score: Captum's guided backpropagation takes modules alone."""
    from torch import nn

    class Scored(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.twin = twin

        def forward(self, x):  # noqa: ANN001, ANN202
            return (self.twin(x)[:, 0] * region).sum((1, 2)) / region.sum()

    return Scored()


def xplique() -> dict[str, np.ndarray]:
    """xplique's methods that take an operator of one's own."""
    import tensorflow as tf
    from xplique.attributions import GradientInput, IntegratedGradients, Saliency

    model, data = network(), given()

    def operator(run, inputs, targets):  # noqa: ANN001, ANN202
        return tf.reduce_sum(run(inputs)[..., 0] * targets, (1, 2)) / tf.reduce_sum(targets, (1, 2))

    targets = tf.constant(data["regions"], tf.float32)
    methods = {
        "saliency": Saliency(model, operator=operator, reducer="max"),
        "gradient_input": GradientInput(model, operator=operator, reducer=None),
        "integrated": IntegratedGradients(model, operator=operator, steps=STEPS, baseline_value=0.0, reducer=None),
    }
    return {f"xplique_{name}": np.asarray(each(data["images"], targets)) for name, each in methods.items()}


if __name__ == "__main__":
    kept = dict(np.load(FILE)) if FILE.exists() else {}
    np.savez_compressed(FILE, **kept | given() | {"captum": captum, "xplique": xplique}[sys.argv[1]]())

"""The networks that `glassbox explain` asks: of params.yaml or from elsewhere, outlining or telling apart."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from glassbox import tasks
from glassbox.artifacts import Paths, read_json
from glassbox.commands import network
from glassbox.commands.labelling import class_index
from glassbox.commands.subjects import Subject
from glassbox.errors import GlassboxError
from glassbox.metrics.calibration import operating
from glassbox.metrics.classify.chosen import logit_of
from glassbox.params import Form, Params, Task, Xai

if TYPE_CHECKING:
    import keras

    from glassbox.commands.classified import Judge
    from glassbox.xai.suite import Target

Outline = npt.NDArray[np.bool_]
LEVELS = "levels"


@dataclass(frozen=True, eq=False)
class Explainee:
    """One network with what is needed to ask it.

    `network` gives what is explained; `whole` all its logits, which is more where it outlines several classes; `random`
    is `network` with shuffled weights; `threshold` is where its probability is cut. `judge`: the classifier that it is,
    where it is one of params.yaml; `index`: the class asked for, where one is.
    """

    name: str
    network: "keras.Model"
    whole: "keras.Model"
    random: "keras.Model"
    threshold: float
    judge: "Judge | None" = None
    index: int | None = None


@dataclass(frozen=True, eq=False)
class Asked:
    """What is explained of one picture: its target, the outline if there is one, and a classifier's answer in words.

    `told` holds the class that the picture is called, its probability, and the class that is explained.
    """

    target: "Target"
    prediction: Outline | None
    told: dict[str, Any]
    caption: str = ""


def explainee(paths: Paths, params: Params, name: str, class_: str | None) -> Explainee:
    """A model of params.yaml, or the path of a `.keras` file; the latter is cut at probability one half."""
    if name.endswith(".keras"):
        return _foreign(name, class_, params.seed)
    if not isinstance(params.tasks[tasks.entry(params, name).task], Task):
        return _classifier(paths, tasks.classifier(params, name), class_, params.seed)
    whole = network.load(paths.model(name))
    threshold = operating(read_json(paths.calibration(name))).uncalibrated
    if class_ is not None:
        raise GlassboxError("--class", "a network that outlines one thing", "--region, or no class")
    return _made(name, whole, whole, params.seed, threshold)


def asked(
    subject: Subject, each: Explainee, image: npt.NDArray[np.float32], region: str | None, missing: bool
) -> Asked:
    """What is explained of one picture, and what the network says of it; masks are at the size of the logits.

    `missing`: of several pictures one may lack what the others have.
    """
    from glassbox.xai import suite
    from glassbox.xai.gradient import forward_all
    from glassbox.xai.operator import predicted_region
    from glassbox.xai.regions import at_network

    logits = forward_all(each.whole, image)
    if logits.ndim == 2:
        if region is not None:
            raise GlassboxError("--region", "a classifier", "--class, or no region")
        return _answered(each, each.judge, logits) if each.judge else _likeliest(each, logits)
    if logits.shape[-1] > 1:
        prediction = np.asarray(logits[0].argmax(axis=-1) == each.index)
    else:
        (prediction,) = predicted_region(logits, each.threshold)
    found = at_network(region or "predicted", prediction, subject.truth, subject.size, missing)
    return Asked(suite.of_regions(found[None]), prediction, {})


def layers_of(each: Explainee, settings: Xai) -> Xai:
    """The settings with `levels` as the names of layers, where the network is a classifier of params.yaml.

    `levels` of it are the last ReLU of each block, told apart by the beginning of their names up to the first `_`:
    `stem_relu`, `stage1_block2_relu`, ...
    """
    if each.judge is None or LEVELS not in settings.layers:
        return settings
    import keras

    relus = [layer.name for layer in each.network.layers if isinstance(layer, keras.layers.ReLU)]
    last = {name.partition("_")[0]: name for name in relus}
    wanted = [part.strip() for part in settings.layers.split(",")]
    named = [name for part in wanted for name in (last.values() if part == LEVELS and last else [part])]
    return settings.model_copy(update={"layers": ",".join(named)})


def _made(
    name: str,
    one: "keras.Model",
    whole: "keras.Model",
    seed: int,
    threshold: float,
    judge: "Judge | None" = None,
    index: int | None = None,
) -> Explainee:
    from glassbox.xai.randomise import shuffled

    return Explainee(name, one, whole, shuffled(one, seed), threshold, judge, index)


def _foreign(name: str, class_: str | None, seed: int) -> Explainee:
    """A network from elsewhere: of several outlines, or classes, the one named by its index."""
    whole = network.load_any(Path(name))  # before Keras, whose libraries greet on stderr: there they are mute
    import keras

    shape = whole.outputs[0].shape
    index = None if class_ is None or not class_.isdecimal() else int(class_)
    if len(shape) == 4 and shape[-1] > 1:
        if index is None or index >= shape[-1]:
            raise GlassboxError("--class", f"{class_}", f"0 to {shape[-1] - 1}, what {name} outlines")
        one = keras.Model(whole.inputs[0], whole.outputs[0][..., index : index + 1])
        return _made(Path(name).stem, one, whole, seed, 0.5, index=index)
    if class_ is not None and len(shape) == 4:
        raise GlassboxError("--class", "a network that outlines one thing", "--region, or no class")
    if class_ is not None and (index is None or index >= shape[-1]):
        raise GlassboxError("--class", class_, f"0 to {shape[-1] - 1}, the logits of {name}")
    return _made(Path(name).stem, whole, whole, seed, 0.5, index=index)


def _classifier(paths: Paths, model: tasks.Classifier, class_: str | None, seed: int) -> Explainee:
    """A classifier of params.yaml; where a class is asked for that a logit speaks against, with its logits negated."""
    from glassbox.commands.classified import judge

    made, names = judge(paths, model), model.task.labels.names  # before Keras, as above
    import keras

    index = None if class_ is None else class_index(class_, names)
    if class_ is not None and index is None:
        raise GlassboxError("--class", f"'{class_}'", f"one of {', '.join(names)}, or its index from 0")
    one = made.network
    if index is not None and logit_of(index, made.form)[1] < 0:
        one = keras.Model(one.inputs[0], keras.layers.Rescaling(-1.0, name="negated")(one.outputs[0]))
    return _made(model.name, one, made.network, seed, 0.5, made, index)


def _likeliest(each: Explainee, logits: npt.NDArray[np.float32]) -> Asked:
    """The class of the highest logit, or the one asked for, of a classifier from elsewhere."""
    from glassbox.xai import suite

    index = int(logits[0].argmax()) if each.index is None else each.index
    return Asked(suite.of_classes([index]), None, {"class": index})


def _answered(each: Explainee, judge: "Judge", logits: npt.NDArray[np.float32]) -> Asked:
    """The logit of the class that a picture is called, or of the one asked for; of two classes the only one."""
    from glassbox.xai import suite

    probabilities = judge.probabilities(logits)
    (called,), row, names = judge.called(probabilities), probabilities[0], judge.labels.names
    likeliest = max(called or range(len(row)), key=lambda at: row[at])
    index = each.index if each.index is not None else _explained(likeliest, judge.form)
    told = {
        "label": [names[at] for at in called] if judge.form == "multi-label" else names[called[0]],
        "probability": round(float(row[1] if judge.form == "binary" else row[likeliest]), 6),
        "class": names[index],
    }
    words = ", ".join(f"{names[at]} {row[at]:.3f}" for at in (called or [likeliest]))
    caption = f"{'called' if called else 'called none, likeliest'} {words}\nexplained: {names[index]}"
    return Asked(suite.of_classes([logit_of(index, judge.form)[0]]), None, told, caption)


def _explained(likeliest: int, form: Form) -> int:
    """The class that is explained where none is asked for: with a logit that speaks for it as it is."""
    return max(likeliest, 1) if form in ("binary", "ordinal") else likeliest

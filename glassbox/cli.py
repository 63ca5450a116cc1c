"""The command line: `glassbox acquire | check | sample | predict | score | explain | ask | summary`.

This file says what each command takes; what it does is in `glassbox.commands`, imported only when the command runs, so
that help and the data commands never wait for TensorFlow.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from glassbox.commands.options import EXPLANATION, gathered
from glassbox.commands.told import interrupt_once, told

app = typer.Typer(
    name="glassbox",
    help="Train, score and open up medical image models. Run it from the project's top folder, where params.yaml is.",
    epilog="Exit codes: 0 done, 1 the data have faults, 2 a mistake told in one line, 130 interrupted.",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)

TaskName = Annotated[str, typer.Argument(metavar="TASK", help="A task of params.yaml, such as phantom or isic.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")]
Region = Annotated[
    str | None,
    typer.Option(
        "--region",
        metavar="FORM",
        help="What is explained: predicted (else), truth, border, false-positives, false-negatives, component:K, "
        "box:TOP,LEFT,BOTTOM,RIGHT or pixel:ROW,COLUMN.",
    ),
]


def main() -> None:
    """Entry point of the `glassbox` script."""
    interrupt_once()
    app()


@app.command()
@told
def acquire(
    task: TaskName,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="PATH", help="A zip, a folder of zips or unpacked folders; else: download."),
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Replace a manifest that lists other data.")] = False,
) -> int:
    """Bring a data set into place and check it.

    A data set in its official layout goes to data/raw/TASK, and its checksums to data/TASK.sha256, to be committed.
    Without --from, what lies in place already is checked; else the official archives are downloaded, resuming where an
    earlier download broke off.

    \b
    Examples:
      glassbox acquire isic --from ~/downloads/isic2017
      glassbox acquire isic
    """
    from glassbox.commands.acquire import run

    return run(task, source, accept)


@app.command()
@told
def check(task: TaskName, as_json: AsJson = False) -> int:
    """Tell what a task's data hold and lack.

    Pairs, sizes, mask values, lesion sizes, duplicates within and across splits; one line a fault, and exit code 1
    where there is one.

    \b
    Examples:
      glassbox check isic
      glassbox check phantom --json
    """
    from glassbox.commands.check import run

    return run(task, as_json)


@app.command()
@told
def sample(
    task: TaskName,
    pass_: Annotated[int, typer.Option("--pass", metavar="N", help="Pass of the augmentation plan, from 0.")],
    case: Annotated[str, typer.Option("--case", metavar="NAME", help="A training case.")],
    number: Annotated[int, typer.Option("--sample", metavar="N", help="Which of its patches in the pass.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The picture; else out/sample-NAME-passN.png.", dir_okay=False),
    ] = None,
) -> None:
    """Make one training sample again.

    Prints every transform parameter of its row in the augmentation plan, and draws it beside its source; where it was
    mixed with another, so that it is seen as the network saw it.

    \b
    Example:
      glassbox sample phantom --pass 3 --case phantom-train-0007
    """
    from glassbox.commands.sample import run

    run(task, pass_, case, number, out)


@app.command()
@told
def predict(
    model: Annotated[list[str], typer.Option("--model", metavar="ID", help="A model; again for more, side by side.")],
    images: Annotated[
        list[Path] | None, typer.Argument(metavar="IMAGES", help="Pictures; of a classifier, DICOM files too.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for the results; a classifier can do without."),
    ] = None,
    batch: Annotated[
        int | None, typer.Option("--batch", metavar="N", min=0, help="A batch of the test split instead of IMAGES.")
    ] = None,
    point: Annotated[
        str | None,
        typer.Option("--operating-point", metavar="NAME", help="Of a classifier of two classes; else its default one."),
    ] = None,
    flips: Annotated[
        bool, typer.Option("--flips", help="Average the picture's map with those of its three mirror images.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Outline pictures, or tell them apart, with one model or several.

    A model that outlines writes NAME_mask.png (0 and 255) and NAME_probability.png (0 to 255) at the size of the
    picture. With several models these are NAME_ID_mask.png and NAME_ID_probability.png, and NAME_panel.png shows the
    models side by side. A classifier tells the calibrated probability of every class, what it calls the picture at its
    operating point, and whether the picture looks like those it was trained on; with --out also as predictions.csv.
    All pictures are read before anything is written. With --flips mask and probability are those of the mean over the
    picture and its mirror images; threshold and predicted quality stay those of one pass.

    \b
    Examples:
      glassbox predict --model isic-balanced lesion.jpg --out out
      glassbox predict --model isic-precision --model isic-recall --batch 12 --out out --json
      glassbox predict --model chest-xray-base chest.dcm --operating-point rule-in
    """
    from glassbox.commands.predict import run

    run(model, images or [], batch, out, point, flips, as_json)


@app.command()
@told
def score(
    model: Annotated[str, typer.Option("--model", metavar="ID", help="A model of params.yaml.")],
    images: Annotated[
        Path, typer.Option("--images", metavar="DIR", help="Folder of pictures; for a classifier, of a folder a class.")
    ],
    masks: Annotated[
        Path | None, typer.Option("--masks", metavar="DIR", help="Folder of their masks; may be the same folder.")
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            "--labels", metavar="FILE", help="A CSV of file and label, instead of a folder a class.", dir_okay=False
        ),
    ] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="FILE", help="Write one row a case (CSV).", dir_okay=False)
    ] = None,
    regions: Annotated[
        Path | None, typer.Option("--regions", metavar="DIR", help="Folder of masks of the parts that count.")
    ] = None,
    allow_empty: Annotated[bool, typer.Option("--allow-empty", help="Masks may be empty: nothing there.")] = False,
    robustness: Annotated[
        bool, typer.Option("--robustness", help="Also on the pictures made worse; 18 times as long.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Score a model on your own pictures and masks, or pictures and labels.

    For validation on data from elsewhere: the metrics of stage evaluate, calibration, subgroups, and how well the
    model's predicted quality finds its failures. Masks of 0 and 255 are found by the picture's name, alone or with
    _segmentation, _mask, _lesion or -mask behind it; so are the regions, where only a part of each picture counts.
    Pictures that are told apart lie in one folder a class, named after it, or are listed in a CSV whose label is a
    class's name or index, or names with | between them where a picture has several.

    \b
    Examples:
      glassbox score --model isic-balanced --images clinic/images --masks clinic/masks
      glassbox score --model isic-balanced --images a --masks b --cases cases.csv --json
      glassbox score --model chest-xray-base --images clinic --labels clinic/labels.csv
    """
    from glassbox.commands.score import Wanted, run

    run(model, Wanted(images, masks, regions, labels, cases, allow_empty, robustness, as_json))


@app.command()
@told
@gathered("changed", EXPLANATION)
def explain(
    model: Annotated[
        list[str], typer.Option("--model", metavar="ID", help="A model, or any network's .keras file; again for more.")
    ],
    method: Annotated[list[str], typer.Option("--method", metavar="NAME", help="A method; again for more; or all.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.")],
    images: Annotated[list[Path] | None, typer.Argument(metavar="IMAGES", help="Pictures to explain.")] = None,
    batch: Annotated[
        int | None, typer.Option("--batch", metavar="N", min=0, help="A batch of the test split instead of IMAGES.")
    ] = None,
    region: Region = None,
    class_: Annotated[
        str | None,
        typer.Option("--class", metavar="CLASS", help="Of a classifier: name or index; of several outlines: index."),
    ] = None,
    range_: Annotated[
        float | None, typer.Option("--range", help="Highest pixel value a network from elsewhere expects; else 1.")
    ] = None,
    *,
    changed: Mapping[str, object],
    as_seen: Annotated[bool, typer.Option("--as-seen", help="Maps at the network's size, not the picture's.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what moved a network, and how far each map can be trusted.

    Writes NAME_MODEL_METHOD.npy (height x width, float32) and its overlay as .png for each picture, model and method,
    with the layer's name behind it where a method gives one map a layer; and NAME_explained.png, a row a model. Prints
    how much faster than in a random order the score falls and rises along the map (deletion and insertion gain), the
    share of relevance on the true mask where one is known, the error of completeness, and whether the map stays when
    the network's weights are shuffled. Of a classifier, the logit of the class it calls a picture is explained, or of
    --class; of two classes there is one logit, which speaks for the second. What is not given is taken from
    params.yaml.

    \b
    Examples:
      glassbox explain --model isic-balanced --method integrated-gradients lesion.jpg --out out
      glassbox explain --model isic-recall --model isic-base --method grad-cam --layers gate --batch 3 --out out
      glassbox explain --model chest-xray-base --method grad-cam --method lime chest.dcm --out out
      glassbox explain --model other.keras --method smooth-grad --region box:40,60,90,120 lesion.jpg --out out
    """
    from glassbox.commands.explain import Wanted, run

    run(Wanted(model, method, images or [], batch, region, class_, range_, changed, as_seen), out, as_json)


@app.command()
@told
def ask(
    question: Annotated[
        list[str] | None, typer.Argument(metavar="QUESTION", help="In English; none opens a prompt.")
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option("--model", metavar="FILE", help="A chat model as a GGUF file, instead of the one trained here."),
    ] = None,
    all_models: Annotated[
        bool, typer.Option("--all-models", help="Where no model is named, ask of every one that has the number.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the recorded metrics, offline.

    A small language model turns the question into a query and never sees a number; the answer is filled from the rows
    that the query finds, and verified against them. What is not recorded is refused. Without a question, a prompt opens
    that understands follow-ups such as "and for batch 12?".

    \b
    Examples:
      glassbox ask "What was the recall of the recall variant on batch 78?"
      glassbox ask "is isic-balanced better than isic-precision on IoU?" --json
    """
    from glassbox.commands.ask import run

    run(" ".join(question or []), question is not None, model, all_models, as_json)


@app.command()
@told
def summary(
    task: TaskName,
    trust: Annotated[
        bool, typer.Option("--trust", help="Calibration, doubt, weakest group and flips instead.")
    ] = False,
    explanations: Annotated[
        bool, typer.Option("--explanations", help="How far each method of explanation can be trusted instead.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table alone, for a README.")] = False,
) -> None:
    """Print a task's recorded scores, and where its pictures lie.

    \b
    Example:
      glassbox summary phantom
    """
    from glassbox.commands.summary import run

    run(task, "trust" if trust else "explanations" if explanations else "scores", markdown)

"""Copy today's numbers and the drawn data set's pictures into the README: `make readme`."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

PICTURES = {
    "variants.png": "plots/phantom/compare/variants.png",
    "attribution.png": "plots/phantom-balanced/xai/attribution.png",
    "gradcam.png": "plots/phantom-balanced/xai/gradcam.png",
}


def main() -> None:
    """Only pictures of `phantom` are copied: a real one never enters git."""
    readme = Path("README.md")
    text = readme.read_text(encoding="utf-8")
    summary = [str(Path(sys.executable).with_name("glassbox")), "summary"]
    told = {
        "results": summary,
        "trust": [*summary, "--trust"],
        "explanations": [*summary, "--explanations"],
        "ablation": [sys.executable, "-m", "benchmarks.ablation"],
        "benchmark": [sys.executable, "-m", "benchmarks.segmentation"],
        "classification": [sys.executable, "-m", "benchmarks.classification"],
        "ask": [sys.executable, "-m", "benchmarks.ask"],
        "extent": [sys.executable, "-m", "benchmarks.extent"],
        "cost": [sys.executable, "-m", "benchmarks.explain"],
    }
    for name, task in re.findall(rf"<!-- ({'|'.join(told)}): ([a-z0-9-]+) -->", text):
        done = subprocess.run([*told[name], task, "--markdown"], check=True, capture_output=True, text=True)
        marked = rf"(<!-- {name}: {task} -->\n).*?(<!-- end -->)"
        text = re.sub(marked, rf"\g<1>{done.stdout.strip()}\n\g<2>", text, flags=re.DOTALL)
    readme.write_text(text, encoding="utf-8")
    Path("plots/readme").mkdir(parents=True, exist_ok=True)
    for name, source in PICTURES.items():
        shutil.copyfile(source, Path("plots/readme") / name)


if __name__ == "__main__":
    main()

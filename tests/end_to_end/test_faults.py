"""Builds that are killed, lose rows or fail: no manifest, and a rerun puts everything right."""

import json
import os
import shutil
import signal

import pytest
from artifact_files import contents, manifest_of, stray_files, tree
from processes import run_python

import beam_jobs.analysis.collect_tokens
import beam_jobs.build.build_pipeline
from beam_jobs.analysis.vocabulary_files import write_vocabulary
from beam_jobs.records.assign_shards import AssignShards
from beam_jobs.records.sequencer import SequenceBatches
from beam_jobs.records.shards import WriteShard
from beam_jobs.sinks.rejected import write_part
from beam_jobs.sources import Count
from beam_jobs.sources.row_reader import RowReader
from preprocess.cli import main
from preprocess.core.errors import BooksError, UsageError

pytestmark = [pytest.mark.slow, pytest.mark.long]

SPEC = """
features: {text: {}}
labels: {label: {kind: binary}}
splits: {by: text, fractions: {train: 0.7, test: 0.3}}
buckets: {count: 2}
rejects: {max_fraction: 0.1}
output: {shards: 2}
"""
GOOD = [{"text": f"a b c{n} " * (1 + n % 3), "label": n % 2} for n in range(200)]
BAD = [{"text": "a", "label": 7}, {"text": None, "label": 1}]
ROWS = {"a.jsonl": [*GOOD[:100], BAD[0]], "b.jsonl": [*GOOD[100:], BAD[1]]}


@pytest.fixture(scope="module")
def clean(build_once):
    """What an undisturbed build leaves."""
    return build_once(SPEC, ROWS)


# ---- kill -9 -------------------------------------------------------------------------------

# What stands when the process is killed.
POINTS = {
    "marker": ".text2seq",
    "vocabulary": ".work-*/new/vocabulary/words.tsv",
    "first shard": ".work-*/new/examples/*/*/part-*",
    "transform": ".work-*/new/transform/transform_fn/saved_model.pb",
    "serving": ".work-*/new/serving/saved_model.pb",
}


# The real command line; imports once for all builds, each a process of its own. A build dies when
# it opens the next file after its point, so that no clock decides how far it gets.
FORKS = """
import json, os, signal, sys
from pathlib import Path
import beam_jobs.analysis.collect_tokens
import beam_jobs.build.build_pipeline
from preprocess.cli import main

def die_at(folder, point):
    def look(event, _):
        if event == "open" and any(folder.glob(point)):
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(look)

codes = []
for folder, point, arguments in json.load(sys.stdin):
    pid = os.fork()
    if not pid:
        die_at(Path(folder), point)
        main(arguments)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
json.dump(codes, sys.stdout)
"""


@pytest.fixture(scope="module")
def killed(clean):
    """Artifact folder and exit code of builds that were killed with SIGKILL, by point."""
    folders = [clean.parent / f"killed-{n}" for n in range(len(POINTS))]
    builds = [
        (str(folder), point, list(build_arguments(clean.parent, folder)))
        for folder, point in zip(folders, POINTS.values(), strict=True)
    ]
    codes = json.loads(run_python("-c", FORKS, given=json.dumps(builds)).stdout)
    return dict(zip(POINTS, zip(folders, codes, strict=True), strict=True))


def build_arguments(root, output):
    files = [p for path in sorted((root / "artifact-files").iterdir()) for p in ("--input", path)]
    options = ["--spec", root / "artifact.yaml", "--output", output, "--direct_num_workers=1"]
    return map(str, ["build", *options, *files])


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_build_leaves_no_manifest(killed, point):
    folder, code = killed[point]
    assert code == -signal.SIGKILL
    assert (folder / ".text2seq").exists() and list(folder.glob(POINTS[point]))
    assert not (folder / "manifest.json").exists()


@pytest.mark.parametrize("point", POINTS)
def test_a_rerun_after_a_kill_is_as_a_clean_run(killed, clean, point, capsys):
    folder, _ = killed[point]
    with pytest.raises(SystemExit) as exited:
        main(list(build_arguments(clean.parent, folder)))
    assert exited.value.code == 0, capsys.readouterr().err
    assert contents(folder) == contents(clean)
    assert stray_files(folder) == set()


# ---- the output folder ---------------------------------------------------------------------


def test_a_finished_artifact_is_refused_and_untouched(clean, build_once):
    before = tree(clean)
    with pytest.raises(UsageError, match=r"finished artifact.*--overwrite"):
        build_once(SPEC, ROWS)
    assert tree(clean) == before


def test_overwrite_replaces_a_finished_artifact(build_in, clean, tmp_path):
    artifact = shutil.copytree(clean, tmp_path / "artifact")
    (artifact / "notes.txt").write_text("the user's own")
    build_in(SPEC.replace("shards: 2", "shards: 1"), {"a.jsonl": GOOD}, overwrite=True)
    assert manifest_of(artifact)["rows"]["read"] == 200
    assert stray_files(artifact) == {"notes.txt"}


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_foreign_folder_is_refused_and_untouched(build_in, tmp_path, overwrite):
    (tmp_path / "artifact/deep").mkdir(parents=True)
    (tmp_path / "artifact/deep/thesis.txt").write_text("years of work")
    before = tree(tmp_path / "artifact")
    with pytest.raises(UsageError, match="not made by text2seq"):
        build_in(SPEC, ROWS, overwrite=overwrite)
    assert tree(tmp_path / "artifact") == before


# ---- a runner that loses or doubles --------------------------------------------------------


def lose_first(process):
    """`process` of a DoFn, as if the runner lost the first element that reaches it."""
    lost = []

    def losing(self, element, *arguments):
        if not lost:
            lost.append(element)
            return
        yield from process(self, element, *arguments)

    return losing


def double_first(process):
    doubled = []

    def doubling(self, element, *arguments):
        yield from process(self, element, *arguments)
        if not doubled:
            doubled.append(element)
            yield from process(self, element, *arguments)

    return doubling


def lose_piece(process):
    """`process` of `WriteShard` without one piece of one shard."""
    lost = []

    def losing(self, element, *arguments):
        key, pieces = element
        kept = [piece for piece in pieces if piece is not None]
        if kept and not lost:
            lost.append(kept.pop())
        yield from process(self, (key, kept), *arguments)

    return losing


def lose_shard(process):
    """`process` of `WriteShard` whose result is lost for one shard that holds records."""
    lost = []

    def losing(self, element, *arguments):
        for written in process(self, element, *arguments):
            if lost or not written.file.records:
                yield written
            else:
                lost.append(written)

    return losing


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        (SequenceBatches, lose_first),
        (AssignShards, lose_first),
        (AssignShards, double_first),
        (WriteShard, lose_piece),
        (WriteShard, lose_shard),
    ],
    ids=lambda value: value.__name__,
)
def test_lost_and_doubled_rows_fail_the_build(build_in, tmp_path, monkeypatch, step, fault):
    # Lengths are fixed beforehand, so that what is lost is lost for the records alone.
    spec = SPEC.replace("{text: {}}", "{text: {max_length: 9}}")
    spec = spec.replace("count: 2", "boundaries: [9]")
    monkeypatch.setattr(step, "process", fault(step.process))
    with pytest.raises(BooksError, match="rows were lost or doubled on the way"):
        build_in(spec, ROWS)
    assert not (tmp_path / "artifact/manifest.json").exists()


def test_a_lost_reject_fails_the_build(build_in, tmp_path, monkeypatch):
    def losing(item, *arguments):
        part, rejects = item
        return write_part((part, list(rejects)[1:]), *arguments)

    monkeypatch.setattr(beam_jobs.build.build_pipeline, "write_part", losing)
    with pytest.raises(BooksError, match=r"[ab]\.jsonl: read 101, written 100, rejected 0"):
        build_in(SPEC, ROWS)
    assert not (tmp_path / "artifact/manifest.json").exists()


def test_a_lost_count_fails_the_build(build_in, tmp_path, monkeypatch):
    read = RowReader.read
    monkeypatch.setattr(
        RowReader,
        "read",
        lambda self, piece: (item for item in read(self, piece) if not isinstance(item, Count)),
    )
    with pytest.raises(BooksError, match=r"a\.jsonl: read 0, written 100, rejected 1"):
        build_in(SPEC, ROWS)
    assert not (tmp_path / "artifact/manifest.json").exists()


def test_a_lost_part_of_a_vocabulary_fails_the_build(build_in, tmp_path, monkeypatch):
    def losing(name, parts, *arguments):
        return write_vocabulary(name, list(parts)[1:], *arguments)

    monkeypatch.setattr(beam_jobs.analysis.collect_tokens, "write_vocabulary", losing)
    with pytest.raises(BooksError, match=r"counts were lost .*words: [\d,]+ counted, train holds"):
        build_in(SPEC, ROWS)
    assert not (tmp_path / "artifact/manifest.json").exists()


# ---- a worker that raises ------------------------------------------------------------------

CRASH = """
import sys
from beam_jobs.records.shards import WriteShard

def crash(self, element, plan):
    raise OSError("No space left on device")
    yield

WriteShard.process = crash
from preprocess.cli import main
main(sys.argv[1:])
"""


def test_a_worker_that_raises_fails_the_build(clean, tmp_path):
    arguments = build_arguments(clean.parent, tmp_path / "artifact")
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}
    ended = run_python("-c", CRASH, *arguments, check=False, env=environment)
    assert ended.returncode == 2
    assert "artifact: cannot be read or written (No space left on device); free" in ended.stderr
    assert "Traceback" not in ended.stderr and ended.stdout == ""
    assert os.listdir(tmp_path / "artifact") == [".text2seq"]

"""`python -m beam_jobs.build` as `text2seq build`."""

if __name__ == "__main__":
    from preprocess.cli import run_command

    run_command("build")

"""What a job runs on: runner, options, files, and how values travel."""

# Grading the work of strangers: without a network, without your files, with limits.
#
# Make the image once, in the project's folder:
#
#     docker build -f containers/grade.Dockerfile -t gates-grade .
#
# Then, where the folders class/ (the hand-ins) and grades/ (made by you, for the results) are:
#
#     docker run --rm --network none --read-only --tmpfs /tmp:size=1g --cap-drop ALL \
#       --security-opt no-new-privileges --pids-limit 512 --memory 6g --user "$(id -u):$(id -g)" \
#       -v "$PWD/class:/class:ro" -v "$PWD/grades:/grades" gates-grade
#
# What is written behind that replaces the default arguments, for example
#     gates-grade /class --out /grades/grades.csv --roster /class/names.csv --jobs 4
# Each answer may take 1.5 GB: give --memory that many for each of the jobs. Podman takes the same options.

FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /gates
COPY requirements.txt ./
RUN python -m pip install -r requirements.txt
COPY pyproject.toml README.md LICENSE LICENSE-PROSE ./
COPY gates ./gates
RUN python -m pip install --no-deps --no-build-isolation .

# A user with no rights and no home; `--user` above puts yours in its place, who may write to grades/.
ENV HOME=/tmp MPLCONFIGDIR=/tmp GATES_HOME=/tmp/gates
WORKDIR /tmp
USER 65534:65534
ENTRYPOINT ["python", "-m", "gates.checks", "grade"]
CMD ["/class", "--out", "/grades/grades.csv", "--jobs", "2"]

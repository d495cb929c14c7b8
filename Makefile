# Every command lives in course.py, which also works without make. A bare `make` lists them.
PYTHON ?= python3
COURSE = $(PYTHON) course.py

.PHONY: help lab frameworks test build reset lesson bench lint test-binder lock

help:
	@$(COURSE)
lab:
	@$(COURSE) lab $(if $(PORT),--port $(PORT)) $(if $(NO_BROWSER),--no-browser)
frameworks:
	@$(COURSE) frameworks
test:
	@$(COURSE) test $(if $(LESSON),--lesson $(LESSON)) $(if $(SKIP),--skip $(SKIP))
build:
	@$(COURSE) build $(if $(LESSON),--lesson $(LESSON))
reset:
	@$(COURSE) reset $(if $(LESSON),--lesson $(LESSON))
lesson:
	@$(COURSE) lesson $(if $(NAME),--name $(NAME))
bench:
	@$(COURSE) bench $(if $(PROFILE),--profile)
lint:
	@$(COURSE) lint
test-binder:
	@$(COURSE) test-binder
lock:
	@$(COURSE) lock $(if $(TORCH),--torch $(TORCH))

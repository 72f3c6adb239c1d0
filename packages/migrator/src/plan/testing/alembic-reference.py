"""Answers questions about revision graphs with Alembic's own RevisionMap.

Reads a JSON object a line on stdin and writes one on stdout, in the same order:
in   {"revisions": [{"id", "down", "deps", "label"}], "current": [id], "asks": [[verb, ...words]]}
out  {"heads", "bases", "branchPoints", "currents", "answers": [[id] | {"error", "type"}]} or {"error", "type"}
"""

import json
import sys
import warnings

try:
    import alembic
    from alembic.script.revision import Revision, RevisionMap
except ImportError:
    sys.exit("The reference implementation is missing: apt-get install python3-alembic")

warnings.simplefilter("ignore")


def make_map(revisions):
    made = [
        Revision(each["id"], tuple(each["down"]), tuple(each["deps"]), each["label"])
        for each in revisions
    ]
    graph = RevisionMap(lambda: made)
    graph.heads
    for revision in made:
        # Alembic keeps these as a set, and so takes them in an order that differs from run to run.
        kept = set(revision._normalized_resolved_dependencies)
        revision._normalized_resolved_dependencies = tuple(
            dep for dep in revision._resolved_dependencies if dep in kept
        )
    return graph


def answer(graph, current, verb, *words):
    word = tuple(words[0]) if isinstance(words[0], list) else words[0]
    if verb == "upgrade":
        found = list(graph.iterate_revisions(word, current, implicit_base=True))
        return [each.revision for each in reversed(found)]
    if verb == "downgrade":
        found = graph.iterate_revisions(current, word, select_for_downgrade=True)
        return [each.revision for each in found]
    if verb == "history":
        found = graph.iterate_revisions(words[1], word, inclusive=True, assert_relative_length=False)
        return [each.revision for each in found]
    raise ValueError(verb)


def attempt(work):
    try:
        return work()
    except Exception as error:
        return {"error": str(error), "type": type(error).__name__}


def respond(request):
    graph = make_map(request["revisions"])
    current = tuple(request["current"])
    nodes = [graph.get_revision(each["id"]) for each in request["revisions"]]
    return {
        "heads": sorted(graph.heads),
        "bases": sorted(graph.bases),
        "branchPoints": sorted(node.revision for node in nodes if node.is_branch_point),
        "currents": sorted(node.revision for node in graph._get_all_current(current)),
        "answers": [attempt(lambda: answer(graph, current, *ask)) for ask in request["asks"]],
    }


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(attempt(lambda: respond(request))))

# Plans a history from its files once, in a process that has planned nothing before: python3 plan-with-alembic.py FOLDER.
# Prints milliseconds of processor time; loading the program itself is not in them.
import json
import sys
from time import process_time

from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionMap

begin = process_time()
directory = ScriptDirectory(sys.argv[1])
scripts = list(directory._load_revisions())
read = process_time()
directory.revision_map = RevisionMap(lambda: scripts)
steps = len(directory._upgrade_revs("heads", None))
end = process_time()
print(json.dumps({"steps": steps, "read": (read - begin) * 1000, "plan": (end - read) * 1000}))

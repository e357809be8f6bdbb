"""The world in which the journeys are played: the demo's people on the morning of 4 August 2026.

Rohmah was screened critical the day before. Susukan has not been heard of since July; a laptop of Tengkurak was copied
and wrote two histories; Lontar recorded something of a type that nobody above it knows.
"""

import json
import os
import shutil
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "fixtures", "demo"))

from scenes.story import Story  # noqa: E402
from world import World  # noqa: E402

PASSWORD = "sandi-demo-2026"
MORNING = "2026-08-04T07:00:00+07:00"


class MorningAfter(World):
    def __init__(self, simpul):
        super().__init__(simpul)
        self.downloads = os.path.join(self.root, "downloads")
        os.mkdir(self.downloads)

    def happen(self):
        self.build()
        self.story = Story(self)
        self.story.play("preparation")
        self.sync_everything()
        self.story.play("july")
        self.at("2026-07-31T20:00:00+07:00")
        self.sync("susukan-a")
        self.copied_laptop()
        self.story.play("critical")
        self.unknown_type()
        self.at(MORNING)
        for node in ("lontar-a", "lontar-b", "tengkurak-a", "hub-serang"):
            self.sync(node)
        self.settle()
        for node in ("hub-serang", "lontar-a"):
            self.sync(node)
        for node, name, role in (("hub-serang", "Dewi", "hub_officer"), ("pusat", "Arif", "central_officer")):
            self.run(
                "account", "add", name, "--role", role, "--password-file", "-", node=node, text=PASSWORD + "\n")
        self.run("release", node="pusat")
        self.run(
            "publish", "departures_by_month", "--where", "month=2026-07", "--column", "departures",
            "--actor", "arif", node="pusat")
        self.settle()

    def copied_laptop(self):
        """A whole disk is copied, and both go on writing under one key."""
        shutil.copytree(self.folder("tengkurak-a"), self.folder("tengkurak-copy"))
        for node, summary in (("tengkurak-a", "01"), ("tengkurak-copy", "02")):
            self.run(
                "record", "recruiter.sighted", "--json", "-", "--actor", "co-1", "--role", "community_organizer",
                node=node, text=json.dumps({
                    "recruiter_ref": f"7b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c{summary}", "seen_on": "2026-07",
                    "kind": "sponsor", "showed_assignment_letter": False, "evidence": "third_party"}))
        self.lines["tengkurak-copy"] = self.lines["tengkurak-a"]
        self.sync("tengkurak-a")
        self.sync("tengkurak-copy", check=False)

    def unknown_type(self):
        """A type from a file, installed on one laptop only; `held` is the page of a record of it."""
        with open(os.path.join(ROOT, "Sources/Catalogue/Resources/events/information.provided.json")) as file:
            text = file.read().replace("information.provided", "lapak.opened")
        path = os.path.join(self.root, "lapak.opened.json")
        with open(path, "w") as file:
            file.write(text)
        self.run("catalogue", "install", path, node="lontar-a")
        reference = self.run(
            "record", "lapak.opened", "--json", "-", "--actor", "co-1", "--role", "community_organizer",
            node="lontar-a", text=json.dumps({
                "provided_on": "2026-08-03", "audience": "person", "topics": ["visa"], "stage": "before"}),
        ).stdout.split("~")[0].strip()
        log, sequence = reference.rsplit("#", 1)
        self.held = f"/catatan/{log}/{sequence}"

    def late(self):
        """October: families tell of departures of July."""
        for line in self.story.lines:
            # The correction there is of a record of August, which has not happened in this world.
            if line["scene"] == "late" and line["type"] != "record.corrected":
                self.record(line)
        for node in ("susukan-a", "tengkurak-a", "lontar-b", "hub-serang"):
            self.sync(node)
        self.settle()

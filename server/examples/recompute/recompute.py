"""Computes every figure of every pack again, from the file of all gatherings alone, and compares it with the packs' files.

Nothing of the product is used but its files and its lists of words and codes (domain/data). What a measure means is written down here a
second time. The XLSX files have to say what the CSV files say, in typed cells.

    python recompute.py FOLDER DATA

FOLDER has a folder for each association, as `main.rs` writes them; DATA is domain/data. The last line is the sum of passed and failed tests.
"""

import csv
import datetime
import json
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd

COLUMNS = [
    "table", "group", "subgroup", "span", "measure", "value", "most", "of", "unit", "note", "known", "known_of", "known_unit", "counted",
    "sample", "estimated", "waiting", "asked_about", "missing_weeks",
]
NUMBERS = {5, 6, 7, 10, 11, 13, 14, 15, 16, 17, 18}
BASES = ["counted", "sample", "estimated"]
PACKS = ["year", "stea", "municipality", "youth_and_sport", "county", "sivis", "annual_report", "description"]

# By what each table divides, and what within that.
TABLES = {
    "whole": ("all", "all"),
    "by_series": ("series", "all"),
    "by_month": ("month", "all"),
    "by_form": ("form", "all"),
    "by_place": ("place", "all"),
    "by_target_group": ("target_group", "all"),
    "by_theme": ("theme", "all"),
    "by_funder": ("funder", "all"),
    "by_weekday": ("weekday", "all"),
    "by_municipality": ("municipality", "all"),
    "by_language": ("language", "all"),
    "by_part": ("part", "all"),
    "series_by_month": ("series", "month"),
    "funder_by_series": ("funder", "series"),
    "funder_by_target_group": ("funder", "target_group"),
    "municipality_by_form": ("municipality", "form"),
    "part_by_form": ("part", "form"),
    "part_by_target_group": ("part", "target_group"),
    "part_by_municipality": ("part", "municipality"),
}

# The file of all gatherings does not say these, and why. What a figure covers is compared all the same, where it follows from the rows.
UNKNOWABLE = {
    "distinct_people": "asked once a year, of each group and of the whole association",
    "distinct_volunteers": "asked once a year, of each group and of the whole association",
    "missing_weeks": "follows from the groups' weekdays and breaks",
    "sivis_people": "depends on the different people of the year",
}
# These follow from a figure above and from the rows. They are compared.
DERIVED = {"volunteer_class": "distinct_volunteers", "sivis": "sivis_people"}

BANDS = ["0_6", "7_12", "13_17", "18_19", "20_28", "29_63", "64_74", "75", "unknown"]
GENDERS = {"women": "women", "men": "men", "other_gender": "other", "gender_unknown": "unknown"}
CUTTINGS = {
    "age_under_29": BANDS[0:5], "age_7_28": BANDS[1:5], "age_29": BANDS[5:8], "age_under_20": BANDS[0:4], "age_20_63": BANDS[4:6],
    "age_64": BANDS[6:8], **{f"age_{band}": [band] for band in BANDS},
}
OUTINGS = ["outings", "outing_people", "outing_days", "outing_nights", "person_days", "person_nights"]
UNITS = {
    **dict.fromkeys(["gatherings", "cancelled", "outings", "free", "open", "municipal_premises", *BASES, "waiting"], "gatherings"),
    **dict.fromkeys(["distinct_people", "distinct_volunteers"], "people"),
    **dict.fromkeys(["volunteer_hours", "staff_hours", "instructed_hours"], "hours"),
    **dict.fromkeys(["outing_days", "outing_nights", "person_days", "person_nights"], "days"),
    **dict.fromkeys(["volunteer_class", "sivis_people", "sivis_hours", "sivis"], "words"),
    "groups": "groups",
    "missing_weeks": "weeks",
}


def data(folder, name):
    with open(folder / name, encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def unescaped(text):
    """A text of our CSV, without the apostrophe that keeps a spreadsheet from running it."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r'" else text


def items(cell):
    """The items of a list in one cell: a bar divides them, and has a backslash before it within one."""
    out, rest = [""], iter(cell)
    for sign in rest:
        if sign == "\\":
            out[-1] += next(rest, "")
        elif sign == "|":
            out.append("")
        else:
            out[-1] += sign
    return [item.strip() for item in out if item.strip()]


class Words:
    """The words of a language, by their codes."""

    def __init__(self, folder, lang):
        self.name = f"name_{lang}"
        self.words = data(folder, "report_words.csv")
        self.measures = data(folder, "measures.csv")
        self.columns = data(folder, "row_columns.csv")
        self.values = data(folder, "row_values.csv")
        self.forms = data(folder, "activity_forms.csv")

    def word(self, code):
        return self.words[code][self.name]

    def codes_of(self, beginning):
        """Codes of the words of a kind."""
        return {row[self.name]: code.split(".", 1)[1] for code, row in self.words.items() if code.startswith(beginning + ".")}


class Gatherings:
    """The file of all gatherings, its columns by their codes."""

    def __init__(self, path, words, about):
        self.words = words
        names = {row[words.name]: code for code, row in words.columns.items()}
        numbers = {row[words.name] for row in words.columns.values() if row["cell"] in ("Number", "Hours")}
        texts = {name: str for name in names if name not in numbers}
        rows = pd.read_csv(
            path, sep=";", decimal=",", encoding="utf-8-sig", dtype=texts, keep_default_na=False, na_values=dict.fromkeys(names, [""])
        )
        rows = rows.rename(columns=names)
        assert list(rows.columns) == list(words.columns), "every column has its name"
        for code in words.columns:
            if code not in {names[name] for name in numbers}:
                rows[code] = rows[code].fillna("").map(unescaped)
        rows["day"] = pd.to_datetime(rows["date"], format="%Y-%m-%d")
        self.rows = rows
        self.about = {name: pd.Timestamp(about[name]) for name in ("first", "last", "today")}
        self.amounts = self.measured()

    def measured(self):
        """Of each gathering: what it adds to each sum, whether it said so, and how its heads were counted."""
        rows, out = self.rows, {}
        held = rows["status_code"].eq("held")
        basis = {base: rows["basis_code"].eq(base) for base in BASES}

        def known(name, amount, said):
            said = said & held
            out[name] = amount.fillna(0).where(said, 0)
            out[name + ".known"] = said.astype(int)
            for base in BASES:
                out[f"{name}.{base}"] = (said & basis[base]).astype(int)

        heads, always = rows["participants"], pd.Series(True, index=rows.index)
        known("visits", heads, always)
        for part in ["first_timers", "residents", "staff"]:
            known(part, rows[part], rows[part].notna())
        remote = heads.where(rows["mode_code"].eq("remote"))
        digital = rows["digital_participants"].fillna(remote)
        known("digital", digital, digital.notna())
        known("staff_hours", rows["staff_hours"], rows["staff_hours"].notna())
        known("minutes", rows["duration"], rows["duration"].notna())
        ages = rows[[f"ages_{band}" for band in BANDS]]
        for measure, bands in CUTTINGS.items():
            known(measure, rows[[f"ages_{band}" for band in bands]].sum(axis=1), ages.notna().any(axis=1))
        genders = rows[[f"genders_{gender}" for gender in GENDERS.values()]]
        for measure, gender in GENDERS.items():
            known(measure, rows[f"genders_{gender}"], genders.notna().any(axis=1))
        for flag in ["free", "open", "municipal_premises"]:
            known(flag, rows[flag].eq(self.words.values["yes"][self.words.name]).astype(int), rows[flag].ne(""))
        is_outing = rows["form_code"].isin(["retki", "leiri"])
        days = rows["days"].fillna(1)
        nights = rows["nights"].fillna(pd.Series(0.0, index=rows.index).where(days.eq(1)))
        known("outing_people", heads, is_outing)
        known("outing_days", days, is_outing)
        known("person_days", days * heads, is_outing)
        known("outing_nights", nights, is_outing & nights.notna())
        known("person_nights", nights * heads, is_outing & nights.notna())
        out["volunteers"] = rows["volunteers"].fillna(0).where(held, 0)
        out["volunteer_hours"] = rows["volunteer_hours"].fillna(0).where(held, 0)
        out["held"] = held.astype(int)
        out["cancelled"] = (~held).astype(int)
        out["waiting"] = (held & rows["review_code"].ne("approved")).astype(int)
        out["asked"] = (held & rows["review_code"].eq("returned")).astype(int)
        return pd.DataFrame(out)

    @cache
    def labels(self, dimension):
        """Of each gathering, the names of its groups: several of target groups, themes and funders."""
        rows, word = self.rows, self.words.word

        def names(column, missing):
            return column.where(column.ne(""), missing).map(lambda name: [name])

        def lists(column):
            return column.map(lambda cell: list(dict.fromkeys(items(cell))) or [word("none.said")])

        match dimension:
            case "all":
                return pd.Series([[""]] * len(rows), index=rows.index)
            case "series":
                # A group that the association no longer knows keeps its id.
                return names(rows["series"].where(rows["series"].ne(""), rows["series_id"]), word("none.series"))
            case "month":
                return rows["day"].map(lambda day: [f"{word(f'month.{day.month}')} {day.year}"])
            case "month_later":
                # A month of the year before stands in the row of the month with which it is compared.
                return rows["day"].map(lambda day: [f"{word(f'month.{day.month}')} {day.year + 1}"])
            case "weekday":
                return rows["day"].map(lambda day: [word(f"weekday.{day.isoweekday()}")])
            case "form" | "municipality":
                return names(rows[dimension], "")
            case "place" | "language":
                return names(rows[dimension], word("none.said"))
            case "target_group":
                return lists(rows["target_groups"])
            case "theme":
                return lists(rows["themes"])
            case "funder":
                return lists(rows["funders"])
            case "part":
                part = rows["form_code"].map(lambda code: self.words.forms[code]["handbook_part"].lower())
                return part.map(lambda part: [word(f"part.{part}" if part else "none.part")])

    @cache
    def spans(self):
        """Which gatherings are of the days of each span. Without a year before, of the whole alone."""
        first, last, today = (self.about[name] for name in ("first", "last", "today"))
        day, a_year = self.rows["day"], pd.DateOffset(years=1)
        of_months = first.day == 1 and last.is_month_end
        spans = {"whole": day.between(first, last)}
        until = min(last, today.replace(day=1) - pd.Timedelta(days=1) if of_months else today)
        if first <= until < first + a_year:
            before = until - a_year
            if of_months:
                before = before + pd.offsets.MonthEnd(0)
            spans["compared"] = day.between(first, until)
            spans["year_before"] = day.between(first - a_year, before)
        return spans

    @cache
    def of_table(self, table, span):
        """The sums of each group of a table, by the names of its group and subgroup."""
        outer, inner = ("month_later" if span == "year_before" and name == "month" else name for name in TABLES[table])
        frame = self.amounts.assign(outer=self.labels(outer), inner=self.labels(inner))[self.spans()[span]]
        frame = frame.explode("outer").explode("inner")
        sums = frame.groupby(["outer", "inner"]).sum()
        return {group: dict(zip(sums.columns, row)) for group, row in zip(sums.index, sums.to_numpy().tolist())}

    def totals(self, table, span, group):
        return self.of_table(table, span).get(group) or dict.fromkeys(self.amounts.columns, 0)

    @cache
    def groups_of(self, table, group):
        """The groups with a held gathering among these, and one name more for those outside groups."""
        outer, inner = (self.labels(dimension) for dimension in TABLES[table])
        is_it = [group[0] in names and group[1] in others for names, others in zip(outer, inner)]
        held = self.rows["status_code"].eq("held") & self.spans()["whole"] & pd.Series(is_it, index=self.rows.index, dtype=bool)
        return set(self.labels("series")[held].map(lambda names: names[0]))


def halves_up(numerator, denominator):
    return (2 * numerator + denominator) // (2 * denominator)


class Recomputed:
    """What each figure has to be."""

    def __init__(self, gatherings, is_year, figures):
        self.gatherings, self.words = gatherings, gatherings.words
        self.is_year = is_year
        self.is_over = gatherings.about["last"] < gatherings.about["today"]
        # By what identifies them: what cannot be recomputed is looked up here.
        self.figures = figures

    def figure(self, key):
        """The cells of a figure by their columns, but for those that nobody can know from the rows."""
        table, group, subgroup, span, measure = key
        if span != "whole":
            return self.compared(table, (group, subgroup), span, measure)
        totals = self.gatherings.totals(table, span, (group, subgroup))
        held = int(totals["held"])
        out = self.around(totals, measure)
        # Weeks are of all groups, or of one.
        if not (table == "whole" or (TABLES[table] == ("series", "all") and group != self.words.word("none.series"))):
            out["missing_weeks"] = None
        cells = self.value(table, (group, subgroup), measure, totals, held)
        return {**out, **cells}

    def around(self, totals, measure):
        return {
            "unit": self.words.word("unit." + UNITS.get(measure, "heads")),
            "waiting": int(totals["waiting"]),
            "asked_about": int(totals["asked"]),
        }

    def cover(self, known, of, basis=None, unit="gatherings"):
        counts = basis or dict.fromkeys(BASES, 0)
        return {"known": known, "known_of": of, "known_unit": self.words.word("unit." + unit), **counts}

    def missing(self, why):
        return {"value": None, "most": None, "of": None, "note": self.words.word("missing." + why)}

    @staticmethod
    def number(value, of=None):
        return {"value": value, "most": None, "of": of, "note": None}

    def said(self, code):
        return {"value": None, "most": None, "of": None, "note": code}

    def basis(self, totals, name):
        return {base: int(totals[f"{name}.{base}"]) for base in BASES}

    def part(self, totals, name, base, amount):
        """Over those that said it. Of outings, the base is the outings."""
        known = int(totals[name + ".known"])
        cover = self.cover(known, base, self.basis(totals, name))
        if base == 0:
            return {**cover, **self.missing("nothing-held")}
        return {**cover, **(self.number(amount) if known else self.missing("not-said"))}

    def value(self, table, group, measure, totals, held):
        whole = self.cover(held, held)
        of_heads = self.cover(held, held, self.basis(totals, "visits"))
        match measure:
            case "gatherings":
                return {**whole, **self.number(held)}
            case "cancelled" | "volunteers" | "waiting" | "volunteer_hours":
                return {**whole, **self.number(totals[measure])}
            case "visits":
                return {**of_heads, **self.number(totals["visits"])}
            case "average":
                if held == 0:
                    return {**of_heads, **self.missing("nothing-held")}
                return {**of_heads, **self.number(halves_up(int(totals["visits"]) * 10, held) / 10)}
            case "groups":
                there = self.gatherings.groups_of(table, group) - {self.words.word("none.series")}
                return {**whole, **self.number(len(there))}
            case "counted" | "sample" | "estimated":
                share = self.number(int(totals["visits." + measure]), held)
                return {**of_heads, **(share if held else self.missing("nothing-held"))}
            case "free" | "open" | "municipal_premises":
                known = int(totals[measure + ".known"])
                share = self.number(totals[measure], known)
                why = "not-said" if held else "nothing-held"
                return {**self.cover(known, held), **(share if known else self.missing(why))}
            case "age_9_12" | "age_18_24":
                return {**self.cover(0, held), **self.missing("no-such-bands")}
            case "instructed_hours":
                # Hundredths of an hour, rounded half up.
                return self.part(totals, "minutes", held, halves_up(int(totals["minutes"]) * 10, 6) / 100)
            case "outings":
                count = int(totals["outing_people.known"])
                return {**self.cover(count, count, self.basis(totals, "outing_people")), **self.number(count)}
            case "outing_people" | "outing_days" | "person_days":
                count = int(totals["outing_people.known"])
                return {**self.cover(count, count, self.basis(totals, "outing_people")), **self.number(totals[measure])}
            case "outing_nights" | "person_nights":
                count = int(totals["outing_people.known"])
                if count == 0:
                    return {**self.cover(0, 0), **self.number(0)}
                return self.part(totals, measure, count, totals[measure])
            case "distinct_people" | "distinct_volunteers" | "volunteer_class":
                return self.of_the_year(table, group, measure, held)
            case "missing_weeks":
                return whole
            case "sivis_people" | "sivis_hours" | "sivis":
                return self.study_group(table, group, measure, totals, held)
            case _:
                return self.part(totals, measure, held, totals[measure])

    def of_the_year(self, table, group, measure, held):
        if not self.is_year:
            return {**self.cover(0, held), **self.missing("years-only")}
        there = len(self.gatherings.groups_of(table, group))
        cells = {"known_of": there, "known_unit": self.words.word("unit.groups")}
        if held == 0:
            return {**self.cover(0, 0, unit="groups"), **self.missing("nothing-held")}
        if measure != "volunteer_class":
            return cells
        volunteers = self.figures[table, *group, "whole", DERIVED[measure]]
        if volunteers["value"] is None:
            return {**cells, **self.missing("not-said")}
        least = volunteers["value"]
        most = volunteers["most"] if volunteers["most"] is not None else least
        if volunteers["known"] < volunteers["known_of"]:
            most = 100
        classes = [(0, "0"), (9, "1–9"), (29, "10–29"), (99, "30–99"), (float("inf"), "100+")]
        names = [next(name for bound, name in classes if count <= bound) for count in (least, most)]
        return {**cells, **self.said(names[0] if names[0] == names[1] else " … ".join(names))}

    def study_group(self, table, group, measure, totals, held):
        by_ages, by_hours = int(totals["age_75.known"]), int(totals["minutes.known"])
        cover = self.cover(by_ages if measure == "sivis_people" else by_hours, held, self.basis(totals, "age_75"))
        if not self.is_year:
            return {**cover, **self.missing("years-only")}
        if measure == "sivis_people":
            return cover
        if totals["minutes"] >= 600:
            hours = "passes"
        elif by_hours == held:
            hours = "fails" if self.is_over else "not-yet"
        else:
            hours = "duration-not-said"
        if measure == "sivis":
            note = self.figures[table, *group, "whole", DERIVED[measure]]["note"]
            people = self.words.codes_of("verdict")[note]
            both = (people, hours)
            hours = "fails" if "fails" in both else hours if people == "passes" else people
        return {**cover, **self.said(self.words.word("verdict." + hours))}

    def compared(self, table, group, span, measure):
        now = self.gatherings.totals(table, "compared", group)
        before = self.gatherings.totals(table, "year_before", group)
        own = before if span == "year_before" else now
        out = {**self.around(own, measure), "missing_weeks": None}
        held = int(own["held"])
        out |= self.cover(held, held, self.basis(own, "visits") if measure == "visits" else None)
        name = "held" if measure == "gatherings" else measure
        value = {"compared": now[name], "year_before": before[name], "change": now[name] - before[name]}.get(span)
        if span == "change_percent":
            out["unit"] = "%"
            if before[name] < 20:
                return {**out, **self.missing("small-base")}
            # Quarter hours are whole numbers.
            change, base = round(4 * (now[name] - before[name])), round(4 * before[name])
            percent = halves_up(100 * abs(change), base)
            value = percent if change >= 0 else -percent
        return {**out, **self.number(value)}


def read_figures(path, words):
    """The figures of a pack's file, by what identifies them. Pandas reads it with one call."""
    plain = pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig")
    assert plain.shape[1] == len(COLUMNS), path
    assert plain.empty or all(pd.api.types.is_numeric_dtype(plain.iloc[:, at]) for at in NUMBERS), f"{path}: a number is a text"
    codes = [words.codes_of("table"), None, None, words.codes_of("span"), {row[words.name]: code for code, row in words.measures.items()}]
    with open(path, encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    assert header == [words.word("column." + column) for column in COLUMNS], header
    figures = {}
    for row in rows:
        cells = [number(cell) if at in NUMBERS else unescaped(cell) or None for at, cell in enumerate(row)]
        key = tuple(of[cell] if of else cell or "" for of, cell in zip(codes, cells))
        assert key not in figures, f"{path} has {key} twice"
        figures[key] = dict(zip(COLUMNS[5:], cells[5:]))
    return figures


def number(cell):
    return float(cell.replace(",", ".")) if cell else None


def is_same(a, b):
    if isinstance(a, str) or isinstance(b, str) or a is None or b is None:
        return a == b
    return abs(float(a) - float(b)) < 1e-9


def differences(figures, expected):
    for key, wanted in expected.items():
        for column, value in wanted.items():
            if not is_same(figures[key][column], value):
                yield f"{key} {column}: the file has {figures[key][column]!r}, the rows give {value!r}"


def lacking(pack, figures, gatherings):
    """A pack has each measure of a table for every group that its gatherings have."""
    measures = {}
    for table, group, subgroup, span, measure in figures:
        measures.setdefault((table, span, measure), set()).add((group, subgroup))
    if not measures and pack not in ("sivis", "description"):
        yield "no figures"
    for (table, span, measure), there in measures.items():
        spans = ["whole"] if span == "whole" else ["compared", "year_before"]
        wanted = {group for one in spans for group in gatherings.of_table(table, one)}
        if table == "whole" and span == "whole":
            wanted.add(("", ""))
        if measure in OUTINGS and table == "by_form":
            names = {gatherings.words.forms[code][gatherings.words.name] for code in ("retki", "leiri")}
            wanted = {group for group in wanted if group[0] in names}
        if pack == "sivis":
            held = gatherings.of_table(table, "whole")
            wanted = {group for group in wanted if group[0] != gatherings.words.word("none.series") and held[group]["held"] > 0}
        if there != wanted:
            yield f"{table} {span} {measure}: groups {there ^ wanted}"


def unnoticed(pack, figures, expected, gatherings):
    """What would not be noticed: a wrong cell of a column, of which one is made wrong, and a figure that is left out of several."""
    groups = Counter((table, span, measure) for table, _, _, span, measure in figures)
    several = [key for key in figures if groups[key[0], key[3], key[4]] > 1]
    for key in several[:1]:
        if not any(lacking(pack, {other: cells for other, cells in figures.items() if other != key}, gatherings)):
            yield f"that {key} is lacking"
    for column in COLUMNS[5:]:
        key = next((key for key, wanted in expected.items() if column in wanted), None)
        if key is None:
            continue
        cell = figures[key][column]
        wrong = "x" if isinstance(cell, str) else (cell or 0) + 1
        if not any(differences(figures | {key: figures[key] | {column: wrong}}, {key: expected[key]})):
            yield f"a wrong cell of {column}"


def texts(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def of_sheet(sheet, width):
    assert sheet.freeze_panes == "A2", f"{sheet.title}: the heading does not stay in view"
    return [[cell.value for cell in row][:width] for row in sheet.iter_rows(max_col=width)]


def unlike(sheet, rows, kinds):
    """Cells of a sheet that are not what the CSV has, each of its own type."""
    found = of_sheet(sheet, len(kinds))
    if len(found) != len(rows):
        yield f"{sheet.title}: {len(found)} rows, and {len(rows)} in the CSV"
    for at, (cells, wanted) in enumerate(zip(found, rows)):
        for kind, cell, text in zip(kinds, cells, wanted):
            typed = (unescaped(text) or None) if at == 0 else kind(text)
            # A number that is a text, or the other way round, is no equal.
            is_number = isinstance(typed, (int, float)) and not isinstance(typed, bool)
            equal = is_same(cell, typed) and not isinstance(cell, (str, bool)) if is_number else cell == typed
            if not equal:
                yield f"{sheet.title} row {at + 1}: {cell!r}, and {text!r} in the CSV"


def kind_of(column, words):
    def flag(text):
        return {words.values["yes"][words.name]: True, words.values["no"][words.name]: False}.get(text)

    def day(text):
        return datetime.datetime.fromisoformat(text) if text else None

    def time(text):
        return datetime.time.fromisoformat(text) if text else None

    # A text is there or not; openpyxl has nothing in place of an empty one.
    kinds = {"Number": number, "Hours": number, "YesNo": flag, "Date": day, "Time": time}
    return kinds.get(column["cell"], lambda text: unescaped(text) or None)


def workbooks(folder, words):
    """What the XLSX files say otherwise than the CSV files."""
    tidy = [number if at in NUMBERS else lambda text: unescaped(text) or None for at in range(len(COLUMNS))]
    report = openpyxl.load_workbook(folder / "report.xlsx")
    assert len(report.sheetnames) == len(PACKS) + 1, report.sheetnames
    for name, pack in zip(report.sheetnames, PACKS):
        assert name == words.word("pack." + pack)
        yield from unlike(report[name], texts(folder / f"{pack}.csv"), tidy)
    notes = [cell.value for row in report[report.sheetnames[-1]].iter_rows() for cell in row]
    for pack in PACKS:
        for row in texts(folder / f"{pack}.csv")[1:]:
            if row[4] not in notes:
                yield f"{row[4]} is not defined"
    gatherings = openpyxl.load_workbook(folder / "gatherings.xlsx").worksheets[0]
    kinds = [kind_of(column, words) for column in words.columns.values()]
    yield from unlike(gatherings, texts(folder / "gatherings.csv"), kinds)


def libreoffice(folder, office):
    """What LibreOffice makes of the spreadsheets otherwise than openpyxl."""
    for name in ("report.xlsx", "gatherings.xlsx"):
        out = folder / "libreoffice"
        call = [office, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(folder / name)]
        subprocess.run(call, check=True, capture_output=True, timeout=120)
        before, after = openpyxl.load_workbook(folder / name), openpyxl.load_workbook(out / name)
        for a, b in zip(before.worksheets, after.worksheets, strict=True):
            values = [[[cell.value for cell in row] for row in sheet.iter_rows(max_col=a.max_column, max_row=a.max_row)] for sheet in (a, b)]
            if values[0] != values[1]:
                yield f"{name}, {a.title}: LibreOffice reads something else"


def main():
    folders, lists = sorted(Path(sys.argv[1]).glob("association-*")), Path(sys.argv[2])
    passed, failed, compared, left = 0, 0, 0, {}

    def test(name, problems):
        nonlocal passed, failed
        problems = list(problems)
        passed, failed = (passed + 1, failed) if not problems else (passed, failed + 1)
        for problem in problems[:10]:
            print(f"FAILED {name}: {problem}")

    for folder in folders:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        words = Words(lists, about["lang"])
        gatherings = Gatherings(folder / "gatherings.csv", words, about)
        is_year = about["first"][5:] == "01-01" and about["last"] == about["first"][:4] + "-12-31"
        for pack in PACKS:
            name = f"{folder.name} {pack} {about['first']}–{about['last']} {about['lang']}"
            figures = read_figures(folder / f"{pack}.csv", words)
            recomputed = Recomputed(gatherings, is_year, figures)
            expected = {key: recomputed.figure(key) for key in figures}
            test(name, differences(figures, expected))
            test(name, lacking(pack, figures, gatherings))
            test(f"{name}: would not be noticed", unnoticed(pack, figures, expected, gatherings))
            for key, cells in expected.items():
                if "value" in cells:
                    compared += 1
                else:
                    left[key[4]] = left.get(key[4], 0) + 1
        test(f"{folder.name} XLSX", workbooks(folder, words))
    test("what cannot be recomputed", left.keys() - UNKNOWABLE.keys())
    print(f"{compared} figures compared with what the rows give")
    for measure, count in sorted(left.items()):
        print(f"not recomputed: {measure}, {count} figures: {UNKNOWABLE.get(measure)}; what they cover is compared")
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office:
        test("LibreOffice", libreoffice(folders[-1], office))
    else:
        print("NOT CHECKED: LibreOffice is not installed")
    print(f"test result: {'FAILED' if failed else 'ok'}. {passed} passed; {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

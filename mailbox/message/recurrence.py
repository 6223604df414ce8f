"""How often something repeats, in words. Nothing is expanded: a rule costs the same whatever it says. RFC 5545 3.3.10."""

import re

UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
DAYS = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday", "SU": "Sunday"}
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
WORKDAYS = {"MO", "TU", "WE", "TH", "FR"}
NTH = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last", "-2": "second to last"}

MONTH = re.compile(r"0?[1-9]|1[0-2]")
NUMBER = re.compile(r"[1-9]\d{0,3}")
BY_DAY = re.compile(r"\+?(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
DATE = re.compile(r"(\d{4})(0[1-9]|1[0-2])(\d\d)")


def recurrence_in_words(rule: dict[str, str]) -> str:
    """`every 2 weeks on Monday and Friday, 10 times`; `repeatedly` for a rule that cannot be told, nothing for none."""
    if not rule:
        return ""
    unit = UNITS.get(rule.get("FREQ", ""))
    if unit is None:
        return "repeatedly"
    days = BY_DAY.findall(rule.get("BYDAY", "")[:200])
    if unit == "week" and {day for _, day in days} == WORKDAYS and _interval(rule) == 1:
        return f"every weekday{_end(rule)}"
    often = f"every {unit}" if _interval(rule) == 1 else f"every {_interval(rule)} {unit}s"
    return f"{often}{_on(rule, days)}{_end(rule)}"


def _interval(rule: dict[str, str]) -> int:
    return int(rule["INTERVAL"]) if NUMBER.fullmatch(rule.get("INTERVAL", "")) else 1


def _on(rule: dict[str, str], days: list[tuple[str, str]]) -> str:
    month = rule.get("BYMONTH", "")
    of_month = f" of {MONTHS[int(month) - 1]}" if rule["FREQ"] == "YEARLY" and MONTH.fullmatch(month) else ""
    set_position = rule.get("BYSETPOS", "") if len(days) == 1 else ""
    if days and not (rule.get("BYSETPOS") and not set_position):
        names = [" ".join(("the", NTH[nth], DAYS[day])) if (nth := n or set_position) in NTH else DAYS[day] for n, day in days]
        return f" on {_listed(list(dict.fromkeys(names)))}{of_month}"
    if NUMBER.fullmatch(rule.get("BYMONTHDAY", "")):
        return f" on day {rule['BYMONTHDAY']}{of_month}"
    return ""


def _end(rule: dict[str, str]) -> str:
    if NUMBER.fullmatch(rule.get("COUNT", "")):
        return f", {rule['COUNT']} times" if rule["COUNT"] != "1" else ", once"
    until = DATE.match(rule.get("UNTIL", ""))
    return f", until {int(until[3])} {MONTHS[int(until[2]) - 1]} {until[1]}" if until else ""


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]

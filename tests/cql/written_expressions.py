"""The expressions and libraries whose generated source is kept in golden/written.txt."""

from __future__ import annotations

from tests.cql.test_cost_of_the_quick_way import DECLARED

OF_ALL_KINDS = """
parameter entry Tuple{kind String, lasted Integer}
parameter dates List<Date> parameter nested List<List<Integer>> parameter moment DateTime
parameter shares List<Decimal> parameter span Quantity
"""
MORE = [
    # spans
    "n in Interval[1, 5)",
    "e during Interval[f, Today()]",
    "e during month of Interval(f, @2026-01-01]",
    # lists and tuples of constants, and of what is not known beforehand
    "{1, 2, null}",
    "{n, 2}",
    "{}",
    "Tuple{a: 1, b: 'x'}",
    "Tuple{a: n, b: null}",
    "{'a', 'b'} contains s",
    "n in {1, m}",
    "d in {1, 2.5}",
    "e in {@2026-01-01}",
    "texts contains 'x'",
    "dates contains e",
    "nested contains {1}",
    "{1} in nested",
    "distinct nested",
    "distinct dates",
    "distinct {n, m}",
    "distinct {{n}, {m}}",
    "dates union {e}",
    "entry.kind",
    "entry.lasted > 3 and entry.kind = 'a'",
    "(null as Tuple{a Integer}).a",
    # conversions and types
    "n + d",
    "n = 1.5",
    "ToDecimal(n)",
    "ToString(d)",
    "n as Integer",
    "cast n as Integer",
    "(n as Any) as Integer",
    "convert n to String",
    "n is Integer",
    "Coalesce(d, 1)",
    # choices whose branches are names, and whose are not
    "Coalesce(n, m + 1, 3)",
    "Coalesce(a, b is null)",
    "Coalesce(" + ", ".join(["n"] * 17) + ")",
    "if n > 1 then 1 else n + m",
    "if a then (if b then 1 else 2) else 3",
    "if a then d else 1",
    "if a then n else 1.5",
    "if a then (2 as Integer) else n",
    "Coalesce(d, n)",
    "if s = 'x' or n is null then true else false",
    "case n when 1 then 'a' when m then 'b' else s end",
    "case e when f then true else false end",
    "case when n + 1 > 2 then n + 2 when b then m else null end",
    # what is true, where nothing is traced
    "exists (rows R where not R.ok or R.kind = s)",
    "exists (rows R where not (R.kind is null))",
    "exists (rows R where R.kind != s and R.lasted <= 3)",
    "exists (rows R where R.ok = a and R.since = e)",
    "exists (rows R where R.ok is not true and R.kind is not null)",
    "exists (rows R where R.ok implies a)",
    "exists (rows R where PositionOf(R.kind, s) >= 0)",
    "exists (rows R where PositionOf('x', R.kind) < 0 or PositionOf('x', R.kind) = 0)",
    "exists (rows R where PositionOf('x', R.kind) >= 1)",
    "exists (rows R where (if R.ok then a else b))",
    # loops
    "rows R where R.ok",
    "rows R where R.ok return all R.kind",
    "rows R return all 1",
    "texts X return all X",
    "texts X where X is not null and X != s return all X",
    "texts X where X is not null return X + 'y'",
    # texts that are made anew for each element are paid for by their length, but for those of an entry
    "texts X return all X & s",
    "texts X return all Combine({X, s})",
    "texts X return all Combine({X, s}, t)",
    "texts X return all Split(X, s)",
    "texts X return all Substring(X, n)",
    "texts X return all Lower(X)",
    "texts X return all Upper(X)",
    "rows R return all Lower(R.kind)",
    "numbers N return all N in numbers",
    "numbers N where Count(numbers) > N return all N",
    "exists (numbers N where N in {1, 2} and Sum(numbers) > N)",
    "rows R return all (numbers N where N > R.lasted)",
    "rows R where exists (numbers N where N > R.lasted and N < n)",
    "exists (rows R where exists (texts X where X = R.kind))",
    "exists (rows R where R.ok and (singleton from numbers) = R.lasted)",
    "exists (rows R where exists (texts X where X = R.kind) and (singleton from numbers) = R.lasted)",
    "exists (texts X)",
    "exists (texts X return X)",
    "First(rows R where R.ok)",
    "Last(rows R where R.ok return all R.since)",
    "First(numbers N where N > n)",
    "Count(rows R where R.ok return all R.kind)",
    "Count(numbers N where N > n)",
    "numbers N sort desc",
    "rows R where R.ok return all R sort by lasted, since desc",
    "texts X return all Tuple{w: X, l: Length(X)} sort by l + 1 asc, w desc",
    "numbers N aggregate A starting n: A + N",
    "numbers N aggregate distinct A: Coalesce(A, 0) + N",
    "rows R where R.ok aggregate A starting 0: A + R.lasted",
    "numbers N aggregate A starting Count(texts): if N > A then N else A",
    # several sources
    "from rows R, texts X where R.kind = X and R.lasted > n",
    "exists (from rows R, texts X, (s) S where R.kind = X and X != S)",
    "from numbers N, (n) M aggregate distinct A starting m: A + N * M",
    "from rows R, (s) S return all R.lasted sort desc",
    "from (n) N, (m) M where N > M return N",
    # one value instead of a list
    "(s) S where S = 'x' return Lower(S)",
    "(n) N return N + 1",
    "(n) N",
    "(n) N where N > 1 aggregate A starting 2: A + N",
    "(n) N aggregate A: Coalesce(A, 1) + N",
    # tables
    "kinds K where K.code = s",
    "kinds K where K.good return K.code",
    "kinds K where K.code = s and K.least > n return all K.code",
    "kinds K where K.least = K.least",
    "exists (kinds K where K.code = s and K.least > n)",
    "exists (kinds K where K.code = s and not K.good)",
    "exists (kinds K where K.good = a)",
    "First(kinds K where K.code = s)",
    "First(kinds K where K.code = s and K.good return all K.least)",
    "First(kinds K return all K.code)",
    "First(kinds K where K.code = s return all K.least + 1)",
    "rows R return all First(kinds K where K.code = R.kind return all K.least)",
    # functions
    "adult(e)",
    "rows R where adult(R.since) return all deep(R.lasted)",
    "deep(n)",
    "long(n)",
    "named(s)",
    "exists (rows R where named(R.kind) and enough(R.lasted))",
    "any_of(rows)",
    # what gives something whenever it is given something
    *(f"Coalesce(n, 1) {sign} Coalesce(m, 2) and a" for sign in ("=", "!=", "<", "<=", ">", ">=")),
    "Coalesce(n, 1) between 1 and 3 or a",
    "Lower(Coalesce(s, 'x')) = Upper(Coalesce(s, 'y')) or a",
    "PositionOf(Coalesce(s, 'x'), 'xy') = 0 or a",
    # operations of all kinds
    "n - 1 >= m * 2",
    "-d",
    "d * 2.0",
    "n / m",
    "n mod 3",
    "n between m and 5",
    "d between 1.0 and 2.0",
    "e between f and Today()",
    "e < Today()",
    "e same month as f",
    "e before month of f",
    "e + span",
    "e + 2 weeks",
    "e + 18 'mo'",
    "e - 3 months",
    "moment + 1 month",
    "moment before DateTime(2026, 1, 1)",
    "LowBoundary(e, 6)",
    "LowBoundary(moment, 17)",
    "months between e and f = 3",
    "months between e and f != n",
    "days between e and Today() > 3",
    "difference in months between e and f",
    "a = true",
    "a != b",
    "not a and (s is null)",
    "(s is null) and (n is null) and a and b",
    "(s is null) or (n is null) or a or b",
    "a and null",
    "s ~ t",
    "s !~ t",
    "s is null and exists texts",
    "Matches(s, 'a+')",
    "SplitOnMatches(s, ',')",
    "ReplaceMatches(s, 'a', t)",
    "Count(dates)",
    "Count(nested)",
    "IndexOf(texts, s)",
    "texts[0]",
    "PositionOf(s, t)",
    "ToInteger(s)",
    "Sum(shares)",
    "flatten nested",
]
FUNCTIONS = """
define function adult(born Date): years between born and Today() >= 18
define function enough(had Integer): had >= n
define function deep(x Integer): one(x) + 1
define function one(x Integer): two(x) * 2
define function two(x Integer): three(x) - 3
define function three(x Integer): four(x) + 4
define function four(x Integer): x * 5
define function named(word String): word = 'a' or word = s
define function any_of(some List<Tuple{kind String, lasted Integer, since Date, ok Boolean}>):
  exists (some X where X.ok and enough(X.lasted))
"""
LONG = f"define function long(x Integer): {' + '.join(f'x * {number}' for number in range(2, 45))}\n"
LIBRARIES = {
    "parameters of all kinds": f"{OF_ALL_KINDS}{DECLARED}{FUNCTIONS}define A: true",
    "what stands twice": DECLARED
    + """
        define A: n > m and exists (rows R where R.ok)
        define B: if a then exists (rows R where R.ok) else n > m
        define C: case when n > m then Count(rows R where R.ok) when b then 2 else Count(rows) end
        define D: twice(n + 1) > 3 and twice(n + 1) > m
        define E: A and B is true
        define F: rows R where R.kind = s or R.kind = t or R.kind in texts
        define G: if exists (rows R where R.ok) then Count(F) else 0
    """,
    "questions about one answer": DECLARED
    + """
        define A: s = 'x' or s = 'y'
        define B: n = 3
        define C: A and a
        define D: not (s = 'z') and s is not null
        define E: t in {'a', 'b'}
        define F: s = 'x' or t = 'x'
    """,
    "what is known of one answer beforehand and what is not": DECLARED
    + """
        define A: if s = 'x' then true else null
        define B: case when s = 'x' then null when s is null then false else s != 'y' end
        define C: case s when 'x' then true else false end
        define D: Coalesce(s = 'x', null)
        define E: n in {1, 2} xor n is not null
        define F: s = t
        define G: s in {'x', s}
        define H: s + 'a' = 'x'
        define I: n > 1
        define J: n = 2.5
        define K: a or false
        define L: s
    """,
    "questions about every parameter": "parameter s String parameter n Integer "
    "define A: s = 'x' define B: n = 3 define C: n != 4 and A is true",
    "tuples of one part, of two, and of one that is not simple": "parameter one List<Tuple{a Integer}> "
    "parameter two List<Tuple{a Integer, b String}> parameter list List<Tuple{a Integer, b List<String>}> "
    "define A: Count(one) + Count(two) + Count(list)",
    "constants alone": "define A: 1 define B: {1, 2} define C: {Tuple{a: 'x'}}",
}

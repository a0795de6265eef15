namespace LaionStream.Search.Sql;

/// <summary>What a condition may call and cast to.</summary>
/// <remarks>
/// A list of what is allowed, not of what is not, so that a newer engine adds nothing by itself. The result of each function depends on its arguments alone, and
/// is not much larger than they are: the engine does not count the memory of a value while it computes it, and a single <c>lpad</c> may ask for more than the
/// machine has.
/// </remarks>
internal static class WhereFunctions
{
    /// <summary>Functions; the engine compares their names without regard to case.</summary>
    public static IReadOnlySet<string> Allowed { get; } = new HashSet<string>(
        [
            // text
            "lower", "lcase", "upper", "ucase", "length", "len", "strlen", "char_length", "character_length", "bit_length", "length_grapheme", "substr", "substring", "substring_grapheme",
            "left", "right", "trim", "ltrim", "rtrim", "contains", "prefix", "suffix", "starts_with", "ends_with", "strpos", "instr", "position", "reverse", "strip_accents",
            "nfc_normalize", "ascii", "ord", "unicode", "chr", "split_part", "parse_filename", "parse_dirname", "regexp_matches", "regexp_full_match", "regexp_extract", "like_escape",
            "not_like_escape", "ilike_escape", "not_ilike_escape", "~~", "!~~", "~~*", "!~~*", "~~~", "^@", "md5", "sha1", "sha256", "md5_number_lower", "md5_number_upper",
            "levenshtein", "editdist3", "damerau_levenshtein", "hamming", "mismatches", "jaccard", "jaro_similarity", "jaro_winkler_similarity", "nullif",
            Concatenation, "concat", "concat_ws",
            // numbers
            "+", "-", "*", "/", "//", "%", "**", "^", "&", "|", "~", "<<", ">>", "xor", "@", "abs", "ceil", "ceiling", "floor", "round", "round_even", "trunc", "sign", "sqrt", "cbrt", "exp",
            "ln", "log", "log2", "log10", "pow", "power", "add", "subtract", "multiply", "divide", "mod", "fmod", "fdiv", "greatest", "least", "gcd", "lcm", "even", "isnan", "isinf", "isfinite",
            "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "degrees", "radians", "pi", "bit_count",
            // times
            "date_part", "datepart", "date_trunc", "datetrunc", "date_diff", "datediff", "date_sub", "datesub", "date_add", "year", "month", "day", "hour", "minute", "second", "millisecond",
            "quarter", "week", "yearweek", "dayofweek", "dayofmonth", "dayofyear", "isodow", "isoyear", "weekday", "weekofyear", "epoch", "epoch_ms", "epoch_us", "make_date", "make_time",
            "make_timestamp", "last_day", "monthname", "dayname", "strftime", "strptime", "try_strptime", "to_timestamp", "timezone", "to_years", "to_quarters", "to_months", "to_weeks",
            "to_days", "to_hours", "to_minutes", "to_seconds", "to_milliseconds", "to_microseconds",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Types to cast to.</summary>
    public static IReadOnlySet<string> Types { get; } = new HashSet<string>(
        [
            "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "VARCHAR", "DATE",
            "TIME", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE", "INTERVAL",
        ],
        StringComparer.Ordinal);

    /// <summary>Most operands of all functions that join texts.</summary>
    public const int MostJoined = 32;

    private const string Concatenation = "||";

    /// <summary>Whether a function's result is the sum of its arguments.</summary>
    public static bool Joins(string function) => function == Concatenation || function.StartsWith("concat", StringComparison.OrdinalIgnoreCase);
}

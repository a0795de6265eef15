using System.Globalization;

namespace LaionStream.Search.Sql;

/// <summary>Values and names as SQL text.</summary>
internal static class SqlText
{
    /// <summary>A string literal.</summary>
    /// <exception cref="RequestException">The text has a NUL, which would end the statement.</exception>
    public static string Literal(string text) => $"'{Whole(text).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A quoted name.</summary>
    /// <exception cref="RequestException">The name has a NUL, which would end the statement.</exception>
    public static string Name(string name) => $"\"{Whole(name).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A path as a pattern that only it matches: the engine expands <c>*</c>, <c>?</c> and <c>[</c>.</summary>
    public static string Escape(string path) => string.Concat(path.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString()));

    /// <summary>A literal for a path to read.</summary>
    public static string PathLiteral(string path) => Literal(Escape(path));

    /// <summary>A list of literals.</summary>
    public static string List(IEnumerable<string> literals) => $"[{string.Join(", ", literals)}]";

    /// <summary>A whole number.</summary>
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Whole(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? throw new RequestException("A name or a value contains the character NUL.") : text;
}

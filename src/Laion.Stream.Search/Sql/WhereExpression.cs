using System.Globalization;
using System.Text.Json;

namespace LaionStream.Search.Sql;

/// <summary>
/// A condition that a user wrote: one SQL expression over the columns of a row. It is parsed by the engine's own parser, and everything in it must be on a
/// list: columns that exist, operators, constants, and functions whose result depends on their arguments alone.
/// </summary>
/// <remarks>
/// So the expression can neither read files nor look at settings nor contain a query of its own, and the same rows always give the same answer. That the session
/// is locked (<see cref="SqlSession.Lock"/>) is a second wall.
/// </remarks>
internal sealed class WhereExpression
{
    /// <summary>Longest expression, in UTF-16 units.</summary>
    public const int MostCharacters = 20_000;

    private const int MostDepth = 4096; // the parser stops at a depth of 1,000 expressions, each some levels of JSON

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["SUBQUERY"] = "a query of its own",
        ["WINDOW"] = "a window function",
        ["LAMBDA"] = "a lambda expression",
        ["PARAMETER"] = "a parameter",
        ["STAR"] = "*",
        ["POSITIONAL_REFERENCE"] = "a column by its number",
        ["DEFAULT"] = "DEFAULT",
        ["LAMBDA_REF"] = "a lambda expression",
    };

    private static readonly HashSet<string> Allowed =
        new(["COLUMN_REF", "CONSTANT", "COMPARISON", "CONJUNCTION", "FUNCTION", "CAST", "OPERATOR", "BETWEEN", "CASE", "COLLATE"], StringComparer.Ordinal);

    private readonly List<string> _errors = [];
    private readonly ColumnNames _columns;
    private int _joined;

    private WhereExpression(ColumnNames columns) => _columns = columns;

    /// <summary>Checks an expression.</summary>
    /// <param name="session">Parses it; it is not run.</param>
    /// <param name="expression">As the user wrote it.</param>
    /// <param name="columns">The columns that exist.</param>
    /// <returns>The expression in parentheses, on lines of its own, so that a comment at its end hides nothing else.</returns>
    /// <exception cref="RequestException">It is not such an expression; each error names what is wrong.</exception>
    public static string Check(SqlSession session, string expression, ColumnNames columns)
    {
        if (expression.Length > MostCharacters)
        {
            throw new RequestException(string.Create(
                CultureInfo.InvariantCulture, $"The condition has {expression.Length} characters; at most {MostCharacters} are read."));
        }

        string closed = $"(\n{expression}\n)";
        string json = "";
        session.Read($"SELECT json_serialize_sql({SqlText.Literal($"SELECT 1 FROM rows WHERE {closed}")})", row => json = row.GetString(0), CancellationToken.None);
        using JsonDocument parsed = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MostDepth });
        var check = new WhereExpression(columns);
        check.Statement(parsed.RootElement);
        return check._errors.Count == 0 ? closed : throw new RequestException([.. check._errors.Distinct().Select(error => $"In the condition: {error}")]);
    }

    private void Statement(JsonElement root)
    {
        if (root.GetProperty("error").GetBoolean())
        {
            _errors.Add(root.TryGetProperty("error_message", out JsonElement message) ? message.GetString()! : "it cannot be parsed");
            return;
        }

        JsonElement statements = root.GetProperty("statements");
        JsonElement? where = statements.GetArrayLength() == 1 ? Condition(statements[0]) : null;
        if (where is { } condition) { Walk(condition); }
        else { _errors.Add("it is more than one expression"); }
    }

    /// <summary>The condition, if the statement is <c>SELECT 1 FROM rows WHERE …</c> and nothing else.</summary>
    private static JsonElement? Condition(JsonElement statement)
    {
        JsonElement node = statement.GetProperty("node");
        if (node.GetProperty("type").GetString() != "SELECT_NODE") { return null; }

        JsonElement from = node.GetProperty("from_table");
        bool isPlain = from.GetProperty("type").GetString() == "BASE_TABLE"
            && IsEmpty(node, "modifiers") && IsEmpty(node, "group_expressions") && IsEmpty(node, "group_sets")
            && IsEmpty(node.GetProperty("cte_map"), "map") && IsNull(node, "having") && IsNull(node, "sample") && IsNull(node, "qualify")
            && IsNull(from, "sample") && IsNull(from, "at_clause") && IsEmpty(from, "column_name_alias");
        JsonElement where = node.GetProperty("where_clause");
        return isPlain && where.ValueKind == JsonValueKind.Object ? where : null;
    }

    private static bool IsEmpty(JsonElement of, string name) => !of.TryGetProperty(name, out JsonElement list) || list.GetArrayLength() == 0;

    private static bool IsNull(JsonElement of, string name) => !of.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null;

    private void Walk(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray()) { Walk(item); }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            string? kind = element.TryGetProperty("class", out JsonElement found) ? found.GetString()! : null;
            if (kind == "CONSTANT" || (kind is not null && !IsAllowed(element, kind))) { return; }
            foreach (JsonProperty property in element.EnumerateObject()) { Walk(property.Value); }
        }
    }

    private bool IsAllowed(JsonElement element, string kind)
    {
        if (!Allowed.Contains(kind))
        {
            _errors.Add($"{Refused.GetValueOrDefault(kind, kind.ToLowerInvariant())} is not allowed");
            return false;
        }

        switch (kind)
        {
            case "COLUMN_REF": CheckColumn(element.GetProperty("column_names")); break;
            case "FUNCTION": CheckFunction(element); break;
            case "CAST": CheckType(element.GetProperty("cast_type")); break;
        }

        return true;
    }

    private void CheckColumn(JsonElement names)
    {
        string[] parts = [.. names.EnumerateArray().Select(name => name.GetString()!)];
        if (parts.Length > 1 && parts[0].Equals("rows", StringComparison.OrdinalIgnoreCase)) { parts = parts[1..]; }
        if (parts.Length != 1 || !_columns.Has(parts[0])) { _errors.Add(_columns.Missing(string.Join('.', parts))); }
    }

    private void CheckFunction(JsonElement function)
    {
        string name = function.GetProperty("function_name").GetString()!;
        bool isPlain = function.GetProperty("schema").GetString() is null or "" or "main" && IsNull(function, "filter");
        if (!isPlain || !WhereFunctions.Allowed.Contains(name)) { _errors.Add($"the function {name} is not allowed"); }
        if (!WhereFunctions.Joins(name)) { return; }

        _joined += function.GetProperty("children").GetArrayLength();
        if (_joined > WhereFunctions.MostJoined) { _errors.Add("it joins too many texts"); }
    }

    private void CheckType(JsonElement type)
    {
        string name = type.GetProperty("id").GetString()!;
        if (!WhereFunctions.Types.Contains(name)) { _errors.Add($"a cast to {(name == "UNBOUND" ? "such a type" : name)} is not allowed"); }
    }
}

using System.Text.RegularExpressions;

namespace LaionStream.Soak.Start;

/// <summary>A method that the JIT compiler compiled, from a line of its list (<c>DOTNET_JitDisasmSummary</c>).</summary>
/// <param name="Text">The whole of it as the list has it, with which it can be told from others.</param>
/// <param name="Owner">The type that declares it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its own generic arguments.</param>
/// <param name="Parameters">How many parameters it has.</param>
internal sealed partial record JitLine(string Text, TypeName Owner, string Name, IReadOnlyList<TypeName> Arguments, int Parameters)
{
    /// <summary>Reads a line.</summary>
    /// <returns>Null when no image needs to hold what the line names: methods without generic arguments, which are in the images of their own assemblies,
    /// methods that are compiled a second time because they are hot, and code that only exists at run time.</returns>
    public static JitLine? TryParse(string line)
    {
        if (Form().Match(line) is not { Success: true } match || match.Groups["tier"].Value.StartsWith("Tier1", StringComparison.Ordinal)) { return null; }
        string method = match.Groups["method"].Value;
        int open = OpeningParenthesis(method);
        int colon = open < 0 ? -1 : Colon(method, open);
        if (colon < 0 || !method[..open].Contains('[', StringComparison.Ordinal)) { return null; }
        string name = method[(colon + 1)..open];
        int generic = name.IndexOf('[', StringComparison.Ordinal);
        return new JitLine(
            method,
            TypeName.Parse(method[..colon]),
            generic < 0 ? name : name[..generic],
            generic < 0 ? [] : TypeName.Parse(name).Arguments,
            TypeName.Split(method[(open + 1)..^1]).Count());
    }

    // The parameters come last; names of local functions and explicit implementations may hold parentheses too.
    private static int OpeningParenthesis(string method)
    {
        int depth = 0;
        for (int i = method.Length - 1; i >= 0; i--)
        {
            depth += method[i] switch { ')' => 1, '(' => -1, _ => 0 };
            if (depth == 0) { return i; }
        }

        return -1;
    }

    private static int Colon(string method, int end)
    {
        int depth = 0;
        for (int i = 0; i < end; i++)
        {
            depth += method[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (method[i] == ':' && depth == 0) { return i; }
        }

        return -1;
    }

    [GeneratedRegex(@"^ *\d+: JIT compiled (?<method>[^(].*\)) \[(?<tier>[^\]]*)\]$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}

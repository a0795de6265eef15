using LaionStream.Text.Urls;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// The value of the <c>source</c> column for each input of an output: its file name, with as many folders before it as make it differ from the inputs before
/// it, so that a name never changes when inputs are added. A location that is named twice has one name.
/// </summary>
internal sealed class InputNames
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<string> _byNumber = [];

    /// <summary>The name of an input.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="inputs">The output's inputs as it stores them, by number.</param>
    public string Of(int number, IReadOnlyList<string> inputs)
    {
        lock (_byNumber)
        {
            while (_byNumber.Count <= number) { _byNumber.Add(Name(inputs[_byNumber.Count], _byNumber.Count)); }
            return _byNumber[number];
        }
    }

    private string Name(string input, int number)
    {
        if (_names.TryGetValue(input, out string? known)) { return known; }
        string shown = PublicLocation.Of(input);
        for (int slash = shown.LastIndexOfAny(['/', '\\']); ; slash = shown.LastIndexOfAny(['/', '\\'], slash - 1))
        {
            string name = shown[(slash + 1)..];
            if (_taken.Add(name)) { return _names[input] = name; }
            if (slash <= 0) { break; }
        }

        string numbered = FormattableString.Invariant($"{shown}#{number}"); // only the query differs
        _taken.Add(numbered);
        return _names[input] = numbered;
    }
}

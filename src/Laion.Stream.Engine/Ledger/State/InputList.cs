using System.Text;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// All input files ever given to an output (<c>state/inputs.txt</c>). A file's number is its line, from 0, and never changes; new files are appended.
/// </summary>
internal static class InputList
{
    private const string FileName = "inputs.txt";

    /// <summary>Numbers a run's inputs.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    /// <param name="inputs">
    /// The run's full input list, before any share. An input that the output already has takes the address given here, which may have a query that the output
    /// does not store.
    /// </param>
    /// <param name="isWithdrawn">Whether the input of a number was withdrawn: its name is a new input when it is given again.</param>
    /// <param name="takesNew">Whether inputs that the output does not have are added; otherwise they are skipped.</param>
    /// <exception cref="OutputRefusedException">An input's name has a line break.</exception>
    public static InputNumbers Number(IDisk disk, string stateFolder, IReadOnlyList<string> inputs, Func<int, bool> isWithdrawn, bool takesNew = true)
    {
        var known = new List<string>();
        var identities = new List<string>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        using LineFile file = LineFile.Open(disk, Path.Combine(stateFolder, FileName), 0, line =>
        {
            string name = Encoding.UTF8.GetString(line.Span);
            string identity = InputIdentity.Of(name); // an earlier version stored whole addresses
            if (isWithdrawn(known.Count)) { numbers.Remove(identity); }
            else { numbers[identity] = known.Count; }

            known.Add(InputIdentity.AddressOf(name));
            identities.Add(identity);
            return true;
        });

        var added = new StringBuilder();
        var result = new List<int>();
        foreach (string input in inputs)
        {
            if (input.AsSpan().ContainsAny('\n', '\r')) { throw new OutputRefusedException($"Input '{PublicLocation.Of(input)}' has a line break in its name."); }
            string identity = InputIdentity.Of(input);
            if (numbers.TryGetValue(identity, out int number))
            {
                known[number] = input;
            }
            else if (takesNew)
            {
                number = numbers[identity] = known.Count;
                known.Add(input);
                identities.Add(identity);
                added.Append(identity).Append('\n');
            }
            else { continue; }

            result.Add(number);
        }

        return new InputNumbers(result, known, identities, added.ToString());
    }

    /// <summary>Adds new inputs to the output.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    /// <param name="added">Their lines, as returned by <see cref="Number"/>.</param>
    public static void Append(IDisk disk, string stateFolder, string added)
    {
        using LineFile file = LineFile.Open(disk, Path.Combine(stateFolder, FileName), 0, static _ => true);
        file.Append(Encoding.UTF8.GetBytes(added));
    }

    /// <summary>Whether an output has no inputs yet, so that no settings apply to it yet.</summary>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    public static bool IsEmpty(string stateFolder) => new FileInfo(Path.Combine(stateFolder, FileName)) is not { Exists: true, Length: > 0 };
}

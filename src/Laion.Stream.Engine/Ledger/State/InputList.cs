using System.Text;
using LaionStream.Engine.Ledger.Format;

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
    /// <param name="inputs">The run's full input list, before any share.</param>
    /// <param name="isWithdrawn">Whether the input of a number was withdrawn: its name is a new input when it is given again.</param>
    /// <returns>
    /// The numbers, in the order of <paramref name="inputs"/>; all inputs by number; and the lines of those that are new, for <see cref="Append"/>.
    /// </returns>
    /// <exception cref="OutputRefusedException">An input's name has a line break.</exception>
    public static (IReadOnlyList<int> Numbers, IReadOnlyList<string> Known, string Added) Number(
        IDisk disk, string stateFolder, IReadOnlyList<string> inputs, Func<int, bool> isWithdrawn)
    {
        var known = new List<string>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        using LineFile file = LineFile.Open(disk, Path.Combine(stateFolder, FileName), 0, line =>
        {
            string name = Encoding.UTF8.GetString(line.Span);
            if (isWithdrawn(known.Count)) { numbers.Remove(name); }
            else { numbers[name] = known.Count; }

            known.Add(name);
            return true;
        });

        var added = new StringBuilder();
        int[] result = new int[inputs.Count];
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].AsSpan().ContainsAny('\n', '\r')) { throw new OutputRefusedException($"Input '{inputs[i]}' has a line break in its name."); }
            if (!numbers.TryGetValue(inputs[i], out result[i]))
            {
                result[i] = numbers[inputs[i]] = known.Count;
                known.Add(inputs[i]);
                added.Append(inputs[i]).Append('\n');
            }
        }

        return (result, known, added.ToString());
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

using System.Text;

namespace LaionStream.Engine.Checkpoint;

/// <summary>The input files ever named for an output (<c>state/inputs.txt</c>): a file's number is its line, from 0, and never changes; new files are appended.</summary>
internal static class InputList
{
    /// <summary>Numbers a run's inputs.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    /// <param name="inputs">The run's full input list, before any share.</param>
    /// <returns>The numbers, in the order of <paramref name="inputs"/>, and how many inputs are known in all.</returns>
    /// <exception cref="OutputRefusedException">An input's name has a line break.</exception>
    public static (IReadOnlyList<int> Numbers, IReadOnlyList<string> Known) Number(IDisk disk, string stateFolder, IReadOnlyList<string> inputs)
    {
        var known = new List<string>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        using LineFile file = LineFile.Open(disk, Path.Combine(stateFolder, "inputs.txt"), 0, line =>
        {
            string name = Encoding.UTF8.GetString(line.Span);
            numbers[name] = known.Count;
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

        if (added.Length > 0) { file.Append(Encoding.UTF8.GetBytes(added.ToString())); }
        return (result, known);
    }
}

using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>An input file is not what its output has read of it.</summary>
/// <param name="location">The file.</param>
/// <param name="change">What changed.</param>
internal sealed class InputChangedException(string location, string change) : IOException(
    $"'{PublicLocation.Of(location)}' is not what this output has read of it: {change}. Bring the old file back; or set Laion:Input:Changed to 'again', to read it from its "
    + "beginning as a new input beside the rows that stand, or to 'same', to take it for the same file row by row.")
{
    /// <summary>What changed.</summary>
    public string Change => change;
}

using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>An input file has changed since the output read it.</summary>
/// <param name="location">The file.</param>
/// <param name="change">What changed.</param>
internal sealed class InputChangedException(string location, string change) : IOException(
    $"'{PublicLocation.Of(location)}' has changed since this output read it: {change}. Restore the old file; or set Laion:Input:Changed to 'again', to read it from its "
    + "beginning as a new input in addition to the existing rows, or to 'same', to treat it as the same file, row by row.")
{
    /// <summary>What changed.</summary>
    public string Change => change;
}

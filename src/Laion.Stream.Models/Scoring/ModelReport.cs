using LaionStream.Models.Catalog;

namespace LaionStream.Models.Scoring;

/// <summary>What <c>models check</c> says of one file.</summary>
/// <param name="File">The file.</param>
/// <param name="Inputs">Name, type and shape of each input; empty for files that are not models.</param>
/// <param name="Outputs">Name, type and shape of each output.</param>
/// <param name="Precision">Such as <c>float32</c>; of the first float input or output.</param>
/// <param name="Provider">What runs it.</param>
/// <param name="SelfTest">What came of the probe: what it gives, or would write.</param>
/// <param name="Passed">Whether the probe gave what it must.</param>
internal sealed record ModelReport(
    ModelFile File, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, string Precision, string Provider, string SelfTest, bool Passed);

using LaionStream.Models.Catalog;

namespace LaionStream.Models.ModelSets;

/// <summary>The report of <c>models check</c> on one file.</summary>
/// <param name="File">The file.</param>
/// <param name="Inputs">Name, type and shape of each input; empty for files that are not models.</param>
/// <param name="Outputs">Name, type and shape of each output.</param>
/// <param name="Precision">Such as <c>float32</c>; of the first float input or output.</param>
/// <param name="Provider">The provider that runs it.</param>
/// <param name="SelfTest">The result of the probe: the model's answer, or what it would write.</param>
/// <param name="Passed">Whether the probe succeeded.</param>
internal sealed record ModelReport(
    ModelFile File, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, string Precision, string Provider, string SelfTest, bool Passed);

namespace LaionStream.Models.Onnx;

/// <summary>Why a provider cannot be used on this machine.</summary>
/// <param name="Provider">The provider that does not load.</param>
/// <param name="Missing">Libraries that do not load; none when there is another reason, such as no device.</param>
/// <param name="Cause">What the runtime threw.</param>
internal sealed record ProviderRefusal(InferenceProvider Provider, IReadOnlyList<string> Missing, Exception Cause)
{
    /// <summary>One line for all refused providers: those that lack libraries are described together, then the others with the runtime's message.</summary>
    public static string Describe(IReadOnlyList<ProviderRefusal> refusals)
    {
        ProviderRefusal[] lacking = [.. refusals.Where(r => r.Missing.Count > 0)];
        IEnumerable<string> others = refusals.Where(r => r.Missing.Count == 0)
            .Select(r => $"{ProviderRules.Name(r.Provider)} does not load: {ProviderRules.FirstLine(r.Cause.Message)}");
        return string.Join("; ", lacking.Length == 0 ? others : others.Prepend(
            $"{string.Join(" and ", lacking.Select(r => ProviderRules.Name(r.Provider)))} {(lacking.Length > 1 ? "do" : "does")} not load: "
            + GpuProducts.Describe(lacking.SelectMany(r => r.Missing))));
    }
}

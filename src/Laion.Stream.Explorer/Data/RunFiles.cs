using LaionStream.Dataset.Summary;

namespace LaionStream.Explorer.Data;

/// <summary>Reads the record of the run that wrote an output.</summary>
internal static class RunFiles
{
    private static readonly string[] VectorModels = ["clip", "clip visual", "clip text"];

    /// <summary>A run writes its summary once a minute: without one for longer it has ended, whatever the summary says.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);

    /// <summary>Reads <c>summary.json</c>.</summary>
    /// <returns>Null when there is none, or when it cannot be read.</returns>
    public static RunSummary? Summary(string folder)
    {
        try
        {
            string path = Path.Combine(folder, "summary.json");
            return File.Exists(path) ? RunSummary.Parse(File.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null; // another program's, or of a version that this one does not know: what it would say is left out
        }
    }

    /// <summary>Whether the run is still active.</summary>
    public static bool IsRunning(RunSummary? summary, DateTimeOffset now) => summary?.Run?.State == RunStates.Running && now - summary.WrittenAt < Silence;

    /// <summary>The role of a model with which one run made vectors and another did not.</summary>
    /// <returns>Null when they used the same, or when one of them does not say.</returns>
    public static string? OtherModel(RunSummary? one, RunSummary? other) => VectorModels.FirstOrDefault(role =>
        one?.Models.GetValueOrDefault(role) is { } digest && other?.Models.GetValueOrDefault(role) is { } second && digest != second);
}

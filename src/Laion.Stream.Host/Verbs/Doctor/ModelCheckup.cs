using LaionStream.Demo;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Host.Verbs.Doctor;

/// <summary>
/// Checks that models exist and self-tests the provider that would run them: with these models, or with the bundled small CLIP when no folder is configured.
/// </summary>
internal static class ModelCheckup
{
    /// <summary>The findings.</summary>
    /// <param name="models">Location of the models.</param>
    /// <param name="inference">Provider and devices.</param>
    /// <param name="isNeeded">Whether a run needs them.</param>
    /// <param name="abort">Ends the check.</param>
    public static IEnumerable<Finding> Look(ModelOptions models, InferenceOptions inference, bool isNeeded, CancellationToken abort)
    {
        bool isNamed = models.Path is { Length: > 0 };
        if (!isNamed)
        {
            yield return new Finding(
                isNeeded ? FindingLevel.Warn
                    : FindingLevel.Ok, "models", "no folder is configured", isNeeded
                    ? "give --models a folder; laion-stream models pull --help says what can be fetched"
                    : null);
        }

        foreach (Finding finding in Try(isNamed ? models.Path! : DemoAssets.ClipFolder, isNamed, models, inference, abort)) { yield return finding; }
    }

    private static List<Finding> Try(string folder, bool isNamed, ModelOptions models, InferenceOptions inference, CancellationToken abort)
    {
        try
        {
            using ModelSet set = ModelSet.Load(folder, models, inference, NullLoggerFactory.Instance);
            IReadOnlyList<ModelReport> reports = ModelCheck.Run(set, abort);
            List<Finding> findings = isNamed
                ? [.. reports.Where(report => !report.Passed)
                    .Select(report => new Finding(FindingLevel.Fail, "models", $"{report.File.Path}: {report.SelfTest}",
                    "laion-stream models check gives details"))]
                : [];
            if (isNamed && findings.Count == 0)
            {
                findings.Add(new Finding(FindingLevel.Ok, "models",
                    FormattableString.Invariant($"{reports.Count} files in {folder}, all pass their self-test")));
            }

            string provider = $"{ProviderRules.Name(set.Provider.Provider)}: {set.Provider.Reason}";
            findings.Add(reports.All(report => report.Passed)
                ? new Finding(FindingLevel.Ok, "provider", $"{provider}; its self-test passes")
                : new Finding(FindingLevel.Fail, "provider", $"{provider}; its self-test fails", "try Laion:Inference:Provider=cpu"));
            return findings;
        }
        catch (ModelException e)
        {
            bool isProvider = e.Key.StartsWith("Laion:Inference", StringComparison.Ordinal);
            return [new Finding(FindingLevel.Fail, isProvider
                ? "provider"
                : "models", e.Message, isProvider
                ? null
                : "laion-stream models pull --help says what can be fetched")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ModelRunException)
        {
            return [new Finding(FindingLevel.Fail, "models", e.Message)];
        }
    }
}

using System.Globalization;

namespace LaionStream.Engine.Inputs.Queue;

/// <summary>
/// The part of the input list for a scheduler's task (<c>Input:Share=auto</c>): Slurm's job arrays (sbatch, "Job Array Support") and Kubernetes' indexed
/// jobs (<c>JOB_COMPLETION_INDEX</c>).
/// </summary>
internal static class SchedulerShare
{
    /// <summary>The value of <see cref="InputOptions.Share"/> that selects it.</summary>
    public const string Auto = "auto";

    /// <summary>Determines the part.</summary>
    /// <param name="shares">Number of parts (<see cref="InputOptions.Shares"/>); 0 when the scheduler gives it.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="share">The part as <c>k/n</c>, 1-based.</param>
    /// <param name="error">Why there is none; names the variables.</param>
    public static bool TryFind(int shares, Func<string, string?> variable, out string share, out string error)
    {
        (share, error) = ("", "");
        (int index, int count)? task = Slurm(shares, variable) ?? Kubernetes(shares, variable);
        if (task is not var (index, count))
        {
            error = "Laion:Input:Share is auto, and no scheduler says which part this is: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX holds a number.";
        }
        else if (count == 0)
        {
            error = "Laion:Input:Share is auto, and JOB_COMPLETION_INDEX does not say how many tasks there are: set Laion:Input:Shares to the job's completions.";
        }
        else if (index < 0 || index >= count)
        {
            error = $"Laion:Input:Share is auto, and the task with the index {index} (counted from 0) is none of {count}: "
                + "give the array as 0-(n-1) and Laion:Input:Shares as n.";
        }
        else
        {
            share = string.Create(CultureInfo.InvariantCulture, $"{index + 1}/{count}");
        }

        return share.Length > 0;
    }

    // With a number of parts the task's id is counted from 0, so that some tasks of the array may be submitted again; without one the array itself is the list
    // of parts.
    private static (int Index, int Count)? Slurm(int shares, Func<string, string?> variable)
    {
        if (Number(variable("SLURM_ARRAY_TASK_ID")) is not { } id) { return null; }
        if (shares > 0) { return (id, shares); }

        int step = Math.Max(1, Number(variable("SLURM_ARRAY_TASK_STEP")) ?? 1);
        return ((id - (Number(variable("SLURM_ARRAY_TASK_MIN")) ?? 0)) / step, Number(variable("SLURM_ARRAY_TASK_COUNT")) ?? 0);
    }

    private static (int Index, int Count)? Kubernetes(int shares, Func<string, string?> variable) =>
        Number(variable("JOB_COMPLETION_INDEX")) is { } index ? (index, shares) : null;

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

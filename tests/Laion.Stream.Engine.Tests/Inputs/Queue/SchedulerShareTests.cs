using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Tests.Inputs.Queue;

/// <summary>The part of the input list for a task of Slurm or Kubernetes.</summary>
public sealed class SchedulerShareTests
{
    [Theory]
    [InlineData(0, "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_COUNT=4", "1/4")]
    [InlineData(0, "SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=4", "4/4")]
    [InlineData(0, "SLURM_ARRAY_TASK_ID=6 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_STEP=2", "4/4")]
    [InlineData(16, "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=7 SLURM_ARRAY_TASK_COUNT=1", "8/16")] // one task submitted again
    [InlineData(4, "JOB_COMPLETION_INDEX=0", "1/4")]
    [InlineData(4, "JOB_COMPLETION_INDEX=3", "4/4")]
    [InlineData(4, "SLURM_ARRAY_TASK_ID=2 JOB_COMPLETION_INDEX=0", "3/4")]
    public void TryFind_TaskOfAScheduler_IsItsPart(int shares, string variables, string expected)
    {
        Assert.True(SchedulerShare.TryFind(shares, In(variables), out string share, out _));
        Assert.Equal(expected, share);
    }

    [Theory]
    [InlineData(0, "", "SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX")]
    [InlineData(0, "SLURM_ARRAY_TASK_ID=x", "SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX")]
    [InlineData(0, "JOB_COMPLETION_INDEX=3", "Laion:Input:Shares")]
    [InlineData(4, "JOB_COMPLETION_INDEX=4", "none of 4")]
    [InlineData(4, "SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=4", "none of 4")]
    [InlineData(0, "SLURM_ARRAY_TASK_ID=9 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=3", "none of 3")] // --array=1,5,9
    public void TryFind_NoPart_SaysWhy(int shares, string variables, string expected)
    {
        Assert.False(SchedulerShare.TryFind(shares, In(variables), out _, out string error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static Func<string, string?> In(string variables)
    {
        Dictionary<string, string> set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return set.GetValueOrDefault;
    }
}

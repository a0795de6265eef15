using System.Diagnostics;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Soak.Gpu;

/// <summary>Our sessions alone: decoded pictures to unit vectors, all sessions of the device at once.</summary>
internal static class SessionLoop
{
    private const int Warmups = 3;

    /// <summary>Measures it.</summary>
    /// <returns>Pictures a second of all sessions, and processor milliseconds of the process for each.</returns>
    public static (double PerSecond, double CpuMilliseconds) Run(ModelSet models, IReadOnlyList<PixelInput> pictures, TimeSpan time)
    {
        foreach (ScoreModels session in models.Devices)
        {
            for (int i = 0; i < Warmups; i++) { session.EmbedPictures(pictures); }
        }

        long done = 0;
        TimeSpan before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        Thread[] threads = [.. models.Devices.Select(session => new Thread(() =>
        {
            while (clock.Elapsed < time)
            {
                session.EmbedPictures(pictures);
                Interlocked.Add(ref done, pictures.Count);
            }
        })
        { IsBackground = true })];
        foreach (Thread thread in threads) { thread.Start(); }

        foreach (Thread thread in threads) { thread.Join(); }

        double seconds = clock.Elapsed.TotalSeconds;
        return (done / seconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / done);
    }
}

namespace LaionStream.Soak.Results;

/// <summary>Alternates ours with the floor, so that a busy spell of the machine hits both alike, and counts CPU time, which other processes do not add to.</summary>
/// <param name="count">Rounds that count; one more warms up.</param>
internal sealed class Rounds(int count)
{
    /// <summary>Measures one thing beside its floor.</summary>
    /// <param name="name">What.</param>
    /// <param name="unit">What one unit is.</param>
    /// <param name="ours">Does the work once; gives the units done.</param>
    /// <param name="floor">The floor's name.</param>
    /// <param name="bare">Does the floor's work once; gives the units done.</param>
    /// <param name="note">For the table.</param>
    public async Task<Figure> MeasureAsync(string name, string unit, Func<Task<double>> ours, string floor, Func<Task<double>> bare, string note)
    {
        var mine = new List<double>();
        var bottom = new List<double>();
        for (int round = -1; round < count; round++)
        {
            double b = await OneAsync(bare);
            double o = await OneAsync(ours);
            if (round < 0) { continue; }
            bottom.Add(b);
            mine.Add(o);
        }

        return Figure.Beside(name, unit, mine, floor, bottom, note);
    }

    private static async Task<double> OneAsync(Func<Task<double>> work)
    {
        GC.Collect(); // the one before pays for its own garbage
        TimeSpan before = Environment.CpuUsage.TotalTime;
        double units = await work();
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / units;
    }
}

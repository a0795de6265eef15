namespace LaionStream.Soak.Results;

/// <summary>
/// Alternates ours with the floor, so that load on the machine affects both equally, and counts CPU time, to which other processes do not add.
/// </summary>
/// <param name="count">Measured rounds; one more warms up.</param>
internal sealed class Rounds(int count)
{
    /// <summary>Measures something and its floor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="unit">What one unit is.</param>
    /// <param name="ours">Does the work once; returns the number of units.</param>
    /// <param name="floor">The floor's name.</param>
    /// <param name="bare">Does the floor's work once; returns the number of units.</param>
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
        GC.Collect(); // the previous measurement's garbage is not charged to this one
        TimeSpan before = Environment.CpuUsage.TotalTime;
        double units = await work();
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / units;
    }
}

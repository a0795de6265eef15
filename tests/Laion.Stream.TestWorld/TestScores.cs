using LaionStream.Dataset.Rows;

namespace LaionStream.TestWorld;

/// <summary>Scores of rows for tests.</summary>
public static class TestScores
{
    /// <summary>Scores under the standard schema.</summary>
    public static Scores Of(double? similarity, params (string Column, float Value)[] values)
    {
        var all = new float?[ScoreSchema.Standard.Columns.Count];
        foreach ((string column, float value) in values) { all[ScoreSchema.Standard.IndexOf(column)] = value; }

        return new Scores(similarity, Nsfw: null, Underage: false, all);
    }
}

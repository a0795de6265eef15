namespace LaionStream.Search.Mapping;

/// <summary>
/// Moves points until near pairs are near and others are not: PaCMAP's loss in its three phases, by Adam over whole gradients. Each step reads the places of
/// the step before and writes new ones, so that threads do not change the result.
/// </summary>
internal sealed class MapLayout
{
    private const int Global = 100; // steps in which the order of the whole is found
    private const int Refine = 200; // and until this one refined
    private const int Steps = 450;
    private const float Rate = 1;
    private const float MeanDecay = 0.9f;
    private const float SpreadDecay = 0.999f;

    private readonly MapPairs _pairs;
    private readonly float[] _means;
    private readonly float[] _spreads;
    private float[] _places;
    private float[] _next;

    private MapLayout(MapPairs pairs, float[] start) =>
        (_pairs, _places, _next, _means, _spreads) = (pairs, start, new float[start.Length], new float[start.Length], new float[start.Length]);

    /// <summary>Finds places.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="start">Where points are at first: x and y of each.</param>
    /// <param name="work">How to work; is told of 1000 thousandths.</param>
    /// <returns>x and y of each point.</returns>
    public static float[] Run(MapPairs pairs, float[] start, MapWork work)
    {
        var layout = new MapLayout(pairs, start);
        (double mean, double spread) = (1, 1);
        for (int step = 0; step < Steps; step++)
        {
            (mean, spread) = (mean * MeanDecay, spread * SpreadDecay);
            layout.Step(WeightsOf(step), (float)(Rate * Math.Sqrt(1 - spread) / (1 - mean)), work);
            work.Done(((step + 1) * 1000 / Steps) - (step * 1000 / Steps));
        }

        return layout._places;
    }

    private static (float Near, float Mid, float Further) WeightsOf(int step) => step switch
    {
        < Global => (2, (1000f * (1 - (step / (float)Global))) + (3f * step / Global), 1),
        < Refine => (3, 3, 1),
        _ => (1, 0, 1),
    };

    private void Step((float Near, float Mid, float Further) weights, float rate, MapWork work)
    {
        work.ForPieces(_places.Length / 2, (from, to) =>
        {
            for (int point = from; point < to; point++)
            {
                (float x, float y) = GradientOf(point, weights);
                Move(point * 2, x, rate);
                Move((point * 2) + 1, y, rate);
            }
        });
        (_places, _next) = (_next, _places);
    }

    private (float X, float Y) GradientOf(int point, (float Near, float Mid, float Further) weights)
    {
        float[] places = _places;
        (float x, float y) = (places[point * 2], places[(point * 2) + 1]);
        (float gradientX, float gradientY) = (0, 0);
        foreach (int other in _pairs.Near.Of(point))
        {
            (float right, float up) = (x - places[other * 2], y - places[(other * 2) + 1]);
            float far = 11 + (right * right) + (up * up);
            float pull = weights.Near * 20 / (far * far);
            (gradientX, gradientY) = (gradientX + (pull * right), gradientY + (pull * up));
        }

        if (weights.Mid > 0)
        {
            foreach (int other in _pairs.MidNear.Of(point))
            {
                (float right, float up) = (x - places[other * 2], y - places[(other * 2) + 1]);
                float far = 10_001 + (right * right) + (up * up);
                float pull = weights.Mid * 20_000 / (far * far);
                (gradientX, gradientY) = (gradientX + (pull * right), gradientY + (pull * up));
            }
        }

        foreach (int other in _pairs.Further.Of(point))
        {
            (float right, float up) = (x - places[other * 2], y - places[(other * 2) + 1]);
            float far = 2 + (right * right) + (up * up);
            float push = weights.Further * 2 / (far * far);
            (gradientX, gradientY) = (gradientX - (push * right), gradientY - (push * up));
        }

        return (gradientX, gradientY);
    }

    private void Move(int at, float gradient, float rate)
    {
        _means[at] = (MeanDecay * _means[at]) + ((1 - MeanDecay) * gradient);
        _spreads[at] = (SpreadDecay * _spreads[at]) + ((1 - SpreadDecay) * gradient * gradient);
        _next[at] = _places[at] - (rate * _means[at] / (MathF.Sqrt(_spreads[at]) + 1e-7f));
    }
}

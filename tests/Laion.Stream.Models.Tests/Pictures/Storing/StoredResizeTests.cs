using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Models.Tests.Pictures.Storing;

/// <summary>Resizes against OpenCV 4.6's <c>cv2.resize</c> on a made picture.</summary>
public sealed class StoredResizeTests
{
    private const string AreaFraction =
        "cHR2eH2WhYWbh5xwhHd3mHV1doCEhnmKkXmEaWd+eJWIh4iExHZcjnNxjHN4kIFvZ4KJd3qNfX+AoG1/goGDZ3idmY9JVGiXUo2WqXZei4t8dFWEaoJ3dIt2dIeAiH5rdWyIg3R6i3N7"
        + "mJWIbW+ikolri5OWinx1g3WDa3p1iItre4KIfXiDaHeHb4SNjYFigJ2DeWFysY1mdIKEeW6LjZJ6aHqGV3uIg312ho53km5pXn6Pdmp6fIGgeImEgXiGiHtjg4R8f3yEmneOcpyKcnuS"
        + "eniMW4iCkpBrhY9ydouBkH9gh3Bqg4mdf3yFeIqSoWuGgIORiXeOiXqNa35+jn9wfZOAZ16IhIOPeWtlfIZxf2uIqWeaZJlpeHuFcHKGf4KCYX55imx4jYiCqWCJc4qaaGx1aYGGZ4KD"
        + "dY15iZOHf65lgYyPanp+d4iJeoqcbW+LpZ54co+Hmmhxd5eV";

    private const string AreaWhole =
        "WZR6anuLmoCQfIxyfI1ydIWVn4Vrgmd4hmx8bX6OXJenmH5kna1o1DpKVWWgeDJufmR0ooiYjnSEgpJ4lHqKnoRqhkF8dK+Vi3CshGlPcliTd4htjp6EuUlaZJ6vbn6OpF9vhGp6gpJ4"
        + "Xph+b1WQhWt7i5uBkXeHUmOelKRfanpgVpGil31jqjp1eLRugpN4doZsdTBrSYSUeIluZaCGjp+Eh219qpB2f2R1d4iYjnSEe4ucaKKznYNowHyMrZN4noOUkHaGinBVe4xxjHGCc1lp"
        + "g2l5VmaimX5kpIpvXm5+oLBrgWaiqY90cICRanqLmH5kcoOTbHyMgZJ3f491i3CBUmKdc4Rpi5uBipqAgGZ2f7p1inCAmn9lc4Npl32NaHmJi3GBbHyMVmd3eIluZaCGh5hTfmSfUmNz"
        + "jnOEeIhuaqW1lHlfqWR0gmd4jXODiW9/hpZ8ZHWFY56Ehmt8rGd4kniIWpV6Vmeio4hua3u2jHJYa3thfIycgGV2iG5+hJR6gJF2m4GRdbCWbX2NXJeoVGR1g5N5noRpiJl+jXODwXw3"
        + "kniIl3yNZJ+EqY50fmSfjXODqGOeaXmJfo90q2ahippVrGd4cqxoN3KCWmp7gZJ3ZXWGiJh+kXeHdIWVe4xxYJurpmBxlnyMhmynd4dtPXizg5NOnoSUjnSEi3GBfIxybFJih5h9TYiY"
        + "aHi0eF6Zsm2oWpV7bn6PcICReopwcIBmhGl6uHODcleShWt7anq1hZZRXJeoUmJzeoubc4NpoFtsWpV7jJ1YdoZsZ3eIXJh9cICRc65prWh4p41zSFmUj59aa3yMjJyCfY1zbn6OZJ+E"
        + "sJZ7dK9qiG2obH2NkniIYp6ucleSpYqbdK9qlVCLjJyCaHi0ZJ6vc1lpjnSvfY5zX3CAjHKCiJl+anqLfo9Kh219dluWZHVakniIjZ2ub4CQhJRPjHKCbn5klXuLa3xhlnyMn4RqcICQ"
        + "jnSEX2+qZ6JdkniIdVpripqAbHyNl32Nn1prcIFmZHSF";

    private const string AreaSlight =
        "ATx3J2KdTonEdK/Jf7oeGlWQQHu2Z6Ldjci4ltFef7qapeAbzJtCfi1oQ365mNOKvm005B9abkaBnDJtUDhzI16ZSYS/cKvm3kuGP1GMPHeyYp3YicQPWJPFZqHUkMsGudsvwR1YGlWQ"
        + "j8rTuLku4RxXwEaBaVKNqD55LGeiVpHMf7qBWJNKLGeiVZDLfrlgqOMel9KyoNtpyU8/8y5pVleSjsk1yS0/8i1oNFaRRH+6F1KNywZB5zNuJF+aUYzHi53Y0j55MGumXJfSiMO0mNNg"
        + "h8KitIwq4BtWmUeCZJ9ev3Y17Cdig1OORH+6N3KtQ365cKvmnNdUyD0+b3ize7bxp+I+1ChKETt2zRFMMGumYJvFj8oFv9k11DhzeLO8p6kd1xJNvEF8a1SPsEaBO3axaqXgmtWcebRr"
        + "U47Jgr1sslgo4RxX1xJNalOOX5rVjslGvjI0Z3Gsd7LtpuE91ilMFkB71RhTlsgMyAM+4jZxLWijboC7uydiH1qVUo3IhL+wmtVij8qrwpo4iTBrJ2KdhUR/iEeCYp3YlM92x2U9wKA2"
        + "0mBIT0B7N3KtaqXgF1KNKWSfXJfSjskdwfw3nNcS8jZxMGumZqHDnLYStxtWYZyml9INzMVCuD14G1aRE06JSYS/nW2oijhzX5pZw3o5bDRvLmmkZJ/aX5rVdbDrq+Zr4V5XUFGMzzx3"
        + "TmCbWpXQkMsfxhE8pNcaYJvOmcMPuQxHCkWAUWOepBFMDkmER4K9gLusnNdkV5LNGVSPUo3Ii8aNc65lVpHMj8p5yG4+ZDx3pTp1nIXAmtVa01BJRUeCjcg01ztNMUuGSYS/gbz3Y57Z"
        + "H1qVW5bAl7kNsQ1IKTt2vytmLGeiaKOcb6ovRoFpv581lzVwNnGscq11g750kMuCzHpCnW2ojchmXZh4XpnUmtVa1lNMTE2I1EB7WWumq+ZC8ERmPWeiv/o9hL/yw+056T14QXy3cazn"
        + "ZaCppKUatDFsa6aWdK89Q365gr2VwZA3jDt2E06JSYQ7q1ohViVgKWSfojhzVDx3QHu2tTJtQUJ9zDl0VGahaqXgqeQ46DRehrn04SRfK2ahbajKr8kl4x5ZqBRPLGdop58dniRfSINr"
        + "x6c9pkR/S4bBrnWw7CdifDt2Qn24hL9mxmQ8nX24KGOeL2qlcazntO9jregj3kJUQVuWpN8z7ThjjsEETom8k74JwBNOHlmUVI/KTonEaqXgIVyXZqGSdrE/S4bBkMujiMNqY57Zfbjz"
        + "lM+F2YdPiVmUkC5phmahkMtZ1ltMXVaRYJvWl9I/2T1PP1mUZJ/aqeQvTYi7s+Yp6zdyRH+6jKbhxio8n9pHVI+QnJUSmh9aSoVtz69F0G5GqHgefSxnDUiDJ2Kdl0aBbDx3SYS/JmGc"
        + "M26pfLc8PHdwVZDLVZDLjMcr1DBKd5nUreg0VZDDGFOOZJ/Jr9El2TVwN3KtRYCKks1BF1KNYp2OeLNBbU2IhCJdM26pfrmAntkUXJdWT4rFmtV8SYRca6Y8WpV+a6bhtjNuOz14BD96"
        + "e7Yb0y9JN1mUaaTfFE+KfbDruwdCGlWQaaS+tcYrwzBrQ365kovGlhtWEUyHIFuWbqmBvY0zmEaBUo3Il9KJWZRcNG+qr02Ir48lwlA4W0yHX5rVIFuWyzhzY3WwiMMf1ypNeqTfHFeS"
        + "ibv2yhVQLGeifbjSwPs2ks05FVCLZqGag75DNXCrSoXAnHOugihjYJtiicR7hcB31oVMvo00wmE42hVQXkeCkcxROnVuSYS/FVCLRoG81zNuS22ohL/6frn05SlkQn2ol7kNyydiMWyn"
        + "OHOujY7JnxxXS4Z3tvEsc65EI16ZlmahoVCLlVSPlFOOlUR/dkaBX5rVerXwM26pTIfCodxZL2przjp1a324ltEt6z9hlb8LhsH0U47AqtUg6T14Y3244ERWrLYiyj96b2ijsjhzN3Kt"
        + "Uo3IY57ZS4bBomqlqmGcTYjDTYjDpEuGXzdySYS/m9ZjPXhogLs462BhvcYzHllqjMcj7UFjVYC7RYC7sOsuE06JbqnLsexIUYzHIVyXfLe4p+Jge7amuPMuldBmerWNaqVLMGumXpnU"
        + "iMN6V5JZaKNKRYBYAz55Pnm0zFKNfneyl9JHbKex5EiDbIbBpeA0VZC7TYjDHViTe6XgwBRPQFqVwydilp/ayj96mpPOrjNuOXSvdFSPnjx3X5pqaqVUkE+KmFeSolGMjFyXf7pYo94Z"
        + "ZaCIiMNI5mNctrcsZaCpot1CIVx2oNsvFlF7DEeCgrXw0x5ZRH+hjsklXm+q2UWAfH2401CLdrGif7pIJ2KdiMObndh+k1uWpFuWsGahrHSvu2Gcf1eScq1DzVpDeGmkxUJ9c3SvFE+K"
        + "ks0xIFt1YJvWFlGMFE+K";

    private const string LanczosBoth =
        "ACNaACxsED2UIk6zMV68NW/WNof/TbD/g+Kwq/UskccAP2wzAS2JAzK4JGDGOo3URavnVcL5Z9H/btX/A0yMClOKGmKIL3mFR5CHXpqkb5TUf5LakKaLjrknaagZMnpmGGKtLHOuUIqV"
        + "Z4qYcoC2gonQlJ/dnarjJo7gK5G5Op5uU8EycuUpn+JMy6Z51Fp/ozpQVU8rJHJdKJHDT7vne+Gam9JAr4MzvjZhzyeH4UiQ62GQZ5/zcJ64hqhJlM4AmPoAsfEp4phP6ixWlABPISNk"
        + "BV+qTpb1n9Httf6GreQjtn8V0R1G6Qdu+Sx3/0p2q2CdwV9342Qw3IELo6coeKZdi2p6myuGXy+gFWTGM4TbqHzP536ps5t7ZqNhXXxpilGGr1Gjum+yvYS3wA1E3xNF/yJK8ThbjFF4"
        + "LV6TJF2jSGi4TZHfS7P4i5/c7F2Z9jJtj0B5JGWdFny2SofEdZrXfrDsfrr1kABLqQhpyC6ctU6zZV2bHXZ3HaNzV8uOj8qrsqG3znGz2lWiuVqKdnJ4RYJ1SH2DbHKcjni3nYzJoJfQ"
        + "RTKJUUasZG/fapDXYJx/WrokbfQWnv852cNL9ldU3SqKnl7RcrbOdeV2k8ggqnYYuytI0Rhx5jZ9709+IpyKLJekRY/CcYqoopBKvLAAs90ApuEtsp5KxkdYwCeLmFrNeLHIeeRwjsQc"
        + "o18VtwZF0ABv5S577lN9Suk8Vb9LeG5etzJY9TQ4/Voju3Y6ZIBwOYOfVX+ymWSryUeUukt6dWtpOXVqOFN6YzOUikexmX3FnJzMqt0ApqYJqTwgyQBD8wBo7i6AoUyGPV2SCn20LZXP"
        + "jn253z970hlUbyZjEVKKCHqlPJO2aqTNd67keLDv/4IX3WQhnC9AeRJ8iim7nmLNiZKeY55gXYVQfVxxo0aarUyilVqIamdfTYxHVshQeuhznceWr4WptWCv/zJo3Ttrc1F9KWWsMXTf"
        + "YJjcfNGMjdwkr40AzCETtQp3eVTJVKG+ZLdcjMYAqPMAuv8t07pc609q9hZr1Da1rFahY4+COaaATYqec3ekeZdycbIrgoUMoTAupBR4g0WwZX+iX5dXbqkUhMkTndFDu6Fu0lp/3DaD"
        + "d3TjcJe0bMlah8Mgs3MuuSNVfRpiLUlgCXB2LW2VfE2UtytyqR9UXDNRGFdjF3V6SIWTdI6xhZPJiZTTRJ31T763c+VAtcoA8GAA5AAqggBaBg2BAGS0AJHRZm+l1RxP0QAnWwBOACiR"
        + "AEa2FlvCS4XYWbX0Wcv/";

    private const string LanczosTall =
        "ACReG0arNGfKQKH/pvhMU4AfACq2PIvGRr3/i+S7svMgWcT/susAACdhG0ipNWnHQ6D/pfVMUYAiAC62PovDSbr/jOK6sPEhW8L8r+kAADFrHVGgPXW7UJz/oOZITIEtCD22R4u2V63/"
        + "j9i2qOYqZrfypN4AAUJ9ImKRTIqlaJXymMpBQ4NCGVm1WIyeb5T2lsavmdE5eqPej8sPCVmWKXl9X6aHiIzTjKU5OIVgMn+zb41/kXPWn62lhLZOlonEc7EtFHKyM5NmdMVlrIGvfnsy"
        + "LYiCT6qxiY9btk2yqJGabJdmtGumU5NOIorMQqpNiONEz3SMblEuJIqlbtOtoJA42imPsnaQVnl80k+KNXduNpvfV7s1mPkp6WZvXS4zIovEi/Gor5Ae9g10uGGHRWKO6Tl0HmKHTqLl"
        + "ccEhov8Z9VhdSxlBKYzcpf+is5AR/wBmu1aDPFeX9S9qE1iUap7ekLoSo/4W8UtXOxRZOorpuPmaqI4V/wBnuliDPlmV8zJtF1uTiI7JsaYLnOki3EFfLiF6VIfpw9+RkYwo8hJ4s2aI"
        + "SmmJ5EJ9KWyDpHSq0YkNjck4ujxxJjygdYPgxbeJcYlH1DGUqn2RXoR1y1yXRodpu1SG7GkYeKRUkT2IJV/El33QwImBToVrsFW1n5icdqNerXu1Z6ZKyjNl/0orY4BwaUeeLYThuHe+"
        + "tl97L4KMjnbVlbKljMBIkpfShsMszhdM/zRGTmSGSFmsP6Px0W+tqUJ3Gn+jdY3rjcSsm9Q5f6zmnNgYxwQ//yplQFWQNXOuWbbx4Wijmzh2FXyqapXzi8quodwzeLPupeARtABB7S6G"
        + "OFWOMpOiebzh5mCfj0N3IHufcYzqjcOrm9Q5gK3nntkamQFQzz6nOWN/PraKnbTD31qjhGF7OXuFhnPTlLGkjMBJlJnUiscweRBorFbDQXloVdhrwKKd0VStfIx/WnthplCynZaadqNe"
        + "sH64bKtPWSiCiXDXUZNOcvNK24p2v1C4eLmDfnw7yCuPqHuPX4V2z2CbTY5wQEWXbIbhZqg1jf8t63JVrkzDdd6Gmnwa5AtwsGOFS2qK6UeCMnWNMGOhWZPff7Mjov8a7WBBoUrJdfSH"
        + "q3wF9gBetlR/P1qW+jhzI2efLICfUpPSmrEbrP8V31Y9nEnKdvWFq3oB+ABatlF+PliY/TZyImaiNJqPWIa6tKEdqugdw1dJnknDeOGAm3gO6gBmsluCRmSP8kJ9L3KXRa50aW+bzIcp"
        + "n8gwnWBipkm3erx5fnYo0Bp+qW+JWHt+3FmUSIqBXL5TgFJ64WY6jKNLc2+Ds0qpfY1yWXNLrjyfn4qTbplowHeyaKhidcoxmTRZ8kVOd39nSYCnwkyZf1xqMnBvimHBlKWehrhQopbR"
        + "icdDjNITsBk9/ydfZF+AJI/H0E2MgjFjEW6Qa4Hfir2nm9M7iLHsp+MnndcAwgUp/xJsVkiSCpve2k2DhBFeAGynVJn1gs+uqugsdMX/vfcSp9oAzAAd/wZzTjqcAKHs4E5+hgBbAGu1"
        + "R6b/f9mys/MkatD/yf8HqtsAzwAa/wR1TTefAKLv4U59hgBbAGu4RKn/ftuytfYiZ9P/y/8E";

    [Theory]
    [InlineData(40, 28, 13, 9, AreaFraction)]
    [InlineData(48, 32, 16, 16, AreaWhole)]
    [InlineData(31, 20, 30, 20, AreaSlight)]
    public void AreaRows_MadePicture_IsOpenCvsWithinALevel(int width, int height, int toWidth, int toHeight, string expected)
    {
        using DecodedPixels source = Made(width, height);
        using DecodedPixels to = DecodedPixels.Allocate(toWidth, toHeight, 3);

        using (var rows = new AreaRows(source.Width, source.Height, to)) { RowPass.Run(new Picture(source, null), rows); }

        int[] differences = Differences(to, expected);
        Assert.InRange(differences.Max(), 0, 1);
        Assert.InRange(differences.Average(), 0, 0.05); // sums in another order differ only where a mean lies halfway
    }

    [Theory]
    [InlineData(9, 7, 20, 16, LanczosBoth)]
    [InlineData(12, 5, 13, 31, LanczosTall)]
    public void LanczosResize_MadePicture_IsOpenCvsToTheBit(int width, int height, int toWidth, int toHeight, string expected)
    {
        using DecodedPixels source = Made(width, height);
        using DecodedPixels to = DecodedPixels.Allocate(toWidth, toHeight, 3);

        LanczosResize.Resize(new Picture(source, null), to);

        Assert.Equal(0, Differences(to, expected).Max());
    }

    [Theory]
    [InlineData(1, 1, 7, 5)]
    [InlineData(1, 90, 3, 256)]
    [InlineData(2, 3, 300, 256)]
    [InlineData(97, 61, 407, 256)]
    [InlineData(255, 200, 326, 256)]
    public void LanczosResize_BlackAndWhiteNoise_IsTheSumOfEightByEightNeighbours(int width, int height, int toWidth, int toHeight)
    {
        var random = new Random(width);
        using DecodedPixels source = DecodedPixels.Allocate(width, height, 3);
        for (int y = 0; y < height; y++)
        {
            foreach (ref byte sample in source.Row(y)) { sample = (byte)(random.Next(2) * 255); }
        }

        using DecodedPixels to = DecodedPixels.Allocate(toWidth, toHeight, 3);
        LanczosResize.Resize(new Picture(source, null), to);

        (LanczosWeights across, LanczosWeights down) = (new(width, toWidth), new(height, toHeight));
        for (int y = 0; y < toHeight; y++)
        {
            for (int i = 0; i < toWidth * 3; i++)
            {
                long sum = 1 << 21;
                for (int row = 0; row < 8; row++)
                {
                    ReadOnlySpan<byte> samples = source.Row(Math.Clamp(down.First(y) + row, 0, height - 1));
                    for (int column = 0; column < 8; column++)
                    {
                        int x = Math.Clamp(across.First(i / 3) + column, 0, width - 1);
                        sum += (long)samples[(x * 3) + (i % 3)] * down.Of(y)[row] * across.Of(i / 3)[column];
                    }
                }

                Assert.Equal((byte)Math.Clamp(sum >> 22, 0, 255), to.Row(y)[i]);
            }
        }
    }

    /// <summary>Rows first, each output's in their order, then columns in theirs: the same sums of float32, so the same levels.</summary>
    [Theory]
    [InlineData(37, 23, 37, 7)] // one column each
    [InlineData(37, 23, 11, 23)] // one row each
    [InlineData(90, 1, 31, 1)]
    [InlineData(1, 90, 1, 32)]
    [InlineData(200, 171, 199, 170)]
    [InlineData(341, 256, 171, 128)]
    [InlineData(500, 301, 83, 50)]
    [InlineData(733, 550, 341, 256)]
    public void AreaRows_Noise_IsTheSumsOfItsWeights(int width, int height, int toWidth, int toHeight)
    {
        using DecodedPixels source = DecodedPixels.Allocate(width, height, 3);
        var random = new Random(width + toWidth);
        for (int y = 0; y < height; y++) { random.NextBytes(source.Row(y)); }
        using DecodedPixels to = DecodedPixels.Allocate(toWidth, toHeight, 3);

        using (var rows = new AreaRows(width, height, to)) { RowPass.Run(new Picture(source, null), rows); }

        using AreaWeights across = new(width, toWidth), down = new(height, toHeight);
        var sums = new float[width * 3];
        for (int y = 0; y < toHeight; y++)
        {
            Array.Clear(sums);
            for (int row = 0; row < down.Of(y).Length; row++)
            {
                ReadOnlySpan<byte> samples = source.Row(down.Start(y) + row);
                for (int i = 0; i < sums.Length; i++) { sums[i] += samples[i] * down.Of(y)[row]; }
            }

            for (int i = 0; i < toWidth * 3; i++)
            {
                float mean = 0;
                for (int column = 0; column < across.Of(i / 3).Length; column++)
                {
                    mean += sums[((across.Start(i / 3) + column) * 3) + (i % 3)] * across.Of(i / 3)[column];
                }

                Assert.Equal((byte)Math.Min(255, MathF.Round(mean, MidpointRounding.ToEven)), to.Row(y)[i]);
            }
        }
    }

    [Fact]
    public void AreaRows_PlainPictureOfAnyShape_StaysPlain()
    {
        var random = new Random(3);
        for (int i = 0; i < 50; i++)
        {
            (int width, int height) = (random.Next(2, 400), random.Next(2, 300));
            using DecodedPixels source = DecodedPixels.Allocate(width, height, 3);
            for (int y = 0; y < height; y++) { source.Row(y).Fill((byte)(i * 5)); }
            using DecodedPixels to = DecodedPixels.Allocate(random.Next(1, width + 1), random.Next(1, height + 1), 3);

            using (var rows = new AreaRows(source.Width, source.Height, to)) { RowPass.Run(new Picture(source, null), rows); }

            for (int y = 0; y < to.Height; y++) { Assert.Equal(-1, to.Row(y).IndexOfAnyExcept((byte)(i * 5))); }
        }
    }

    private static DecodedPixels Made(int width, int height)
    {
        DecodedPixels pixels = DecodedPixels.Allocate(width, height, 3);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = pixels.Row(y);
            for (int i = 0; i < row.Length; i++)
            {
                (int x, int c) = (i / 3, i % 3);
                row[i] = (byte)((x * 37) + (y * 101) + (c * 59) + (x * y % 61 * 3) + (((x / 5) + (y / 7)) % 2 * 90));
            }
        }

        return pixels;
    }

    private static int[] Differences(DecodedPixels found, string expected)
    {
        byte[] wanted = Convert.FromBase64String(expected);
        byte[] bytes = [.. Enumerable.Range(0, found.Height).SelectMany(y => found.Row(y).ToArray())];
        Assert.Equal(wanted.Length, bytes.Length);
        return [.. bytes.Zip(wanted, (a, b) => Math.Abs(a - b))];
    }
}

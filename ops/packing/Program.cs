using LaionStream.Packing;

return args switch
{
    ["sbom", var deps, var packages, var version, var commit, var time, var output] => Sbom(deps, packages, version, commit, time, output),
    ["health-check", var archive, .. var command] when command.Length > 0 => HealthCheck(archive, command),
    ["base", var rootArchive, .. var environment] => await BaseAsync(rootArchive, environment),
    _ => Usage(),
};

static int Sbom(string deps, string packages, string version, string commit, string time, string output)
{
    File.WriteAllBytes(output, BillOfMaterials.Of(File.ReadAllBytes(deps), packages, version, commit, time));
    return 0;
}

static int HealthCheck(string archive, string[] command)
{
    ImageArchive.SetHealthCheck(archive, command);
    return 0;
}

// Until its standard input ends, as when the script that started it does.
static async Task<int> BaseAsync(string rootArchive, string[] environment)
{
    using BaseImage image = BaseImage.Serve(rootArchive, environment);
    await Console.Out.WriteLineAsync(image.Name);
    while (await Console.In.ReadLineAsync() is not null)
    {
    }

    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("""
        laion-packing sbom DEPS.json PACKAGES VERSION COMMIT TIME OUTPUT.json   writes a CycloneDX bill of the packages that a published program has
        laion-packing health-check ARCHIVE COMMAND…                            puts a health check into an image's archive
        laion-packing base ROOT.tar [NAME=VALUE…]                              serves an image of these files on loopback until standard input ends
        """);
    return 2;
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LaionStream.TestWorld.Makers;

/// <summary>Server certificates from an authority that exists for one call.</summary>
internal static class TestCertificates
{
    public static readonly DateTimeOffset Past = DateTimeOffset.UnixEpoch.AddYears(1);
    public static readonly DateTimeOffset Future = DateTimeOffset.UnixEpoch.AddYears(130);

    /// <summary>Creates a certificate for 127.0.0.1 and a DNS name (which may start with a star), and the PEM file of its authority.</summary>
    public static (X509Certificate2 Server, string AuthorityFile) Issue(DateTimeOffset? until = null, string name = "*.tls.example")
    {
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, false));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(Past, Future);

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 signed = request.Create(authority, Past, until ?? Future, [1, 2, 3, 4]);
        using X509Certificate2 withKey = signed.CopyWithPrivateKey(key);

        string file = Path.Combine(Directory.CreateTempSubdirectory("authority").FullName, "ca.pem");
        File.WriteAllText(file, authority.ExportCertificatePem());
        return (X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null), file);
    }
}

package tg.gouv.messagerie.platform.tls;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/** Opens the server's identity. */
public final class TlsIdentities {
    private TlsIdentities() {}

    /**
     * The identity of the settings: their PEM files, or a private authority made once in {@code <data>/tls}.
     *
     * <p>The files are looked at every {@code check-interval} until it is closed.
     *
     * @param random makes the private authority's keys
     * @throws TlsRefused if the files may not be used or the authority cannot be written; one sentence says why
     */
    public static TlsIdentity open(TlsSettings settings, Path dataDirectory, Clock clock, SecureRandom random) {
        Path folder = dataDirectory.resolve("tls");
        IdentitySource source = settings.certificate().isPresent()
                ? new GivenIdentity(
                        settings.certificate().get(),
                        settings.key().orElseThrow(),
                        folder.resolve("authority.pem"),
                        clock)
                : new PrivateIdentity(folder, ServerNames.of(settings.names()), clock, random);
        return new ReloadingIdentity(source, settings.checkInterval(), clock);
    }
}

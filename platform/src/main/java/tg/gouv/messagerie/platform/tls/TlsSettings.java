package tg.gouv.messagerie.platform.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Doc;

/** With which certificate the server shows who it is. */
public record TlsSettings(
        @Doc("The PEM file of the server's certificate, followed by its intermediates; without it the program makes a"
                + " private authority and a certificate in its data directory.")
        Optional<Path> certificate,

        @Doc(
                "The PEM file of the certificate's private key (PKCS#8, RSA or EC, without a password), which not every user"
                        + " of the machine may read; given with certificate.")
        Optional<Path> key,

        @Doc(
                value =
                        "The DNS names and IP addresses that the private authority certifies; localhost, 127.0.0.1 and ::1"
                                + " are always among them.",
                byDefault = "[]")
        List<String> names,

        @Doc(value = "How often the files are looked at; a renewed certificate needs no restart.", byDefault = "\"1m\"")
        Duration checkInterval) {

    public TlsSettings {
        names = List.copyOf(names);
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException("certificate and key must be given together");
        }
        if (certificate.isPresent() && !names.isEmpty()) {
            throw new IllegalArgumentException("names are for the private authority: leave them out with certificate");
        }
        ServerNames.of(names);
        if (checkInterval.toSeconds() < 1 || checkInterval.toDays() > 1) {
            throw new IllegalArgumentException("check-interval must be between 1s and 24h");
        }
    }

    /** A private authority for this machine's own names, with every default. */
    public static TlsSettings byDefault() {
        return new TlsSettings(Optional.empty(), Optional.empty(), List.of(), Duration.ofMinutes(1));
    }
}

package tg.gouv.messagerie.deploy.demo;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import tg.gouv.messagerie.deploy.demo.ConnectionSheet.SheetAccount;
import tg.gouv.messagerie.platform.tls.TrustedAuthorities;

/*
 * Names of preferences: as Thunderbird's own source has them (mailnews.js, all-thunderbird.js). Its certificate database cannot be
 * written without its libraries; what it also reads is a list of certificates by port, for which somebody has decided
 * (cert_override.txt). We decide for ours, once the demonstration's own authority has vouched for it.
 */
/** A profile of Thunderbird for a person of the demonstration: mail, sending, the directory, nothing to set up. */
public final class ThunderbirdProfile {
    private static final String OURS = "// Written by « messagerie demo thunderbird ».\n";
    private static final String SHA_256 = "OID.2.16.840.1.101.3.4.2.1";
    private static final String BOOK = "ldap_2.servers.annuaire";
    private static final List<String> TLS_PORTS = List.of("imaps", "submissions", "ldaps", "https");
    private static final int PATIENCE_MILLIS = 10_000;

    private final ConnectionSheet sheet;
    private final SheetAccount account;

    /** The profile of a person. */
    public ThunderbirdProfile(ConnectionSheet sheet, SheetAccount account) {
        this.sheet = sheet;
        this.account = account;
    }

    /**
     * Writes it into a directory, which is made for its owner alone; one that it wrote before has today's ports and certificates.
     *
     * @throws FileAlreadyExistsException if something else is there
     * @throws IOException if it cannot be written, or the server does not answer or is not the one of the sheet
     */
    public void write(Path directory) throws IOException {
        Path preferences = directory.resolve("user.js");
        if (Files.exists(directory)
                && !(Files.exists(preferences) && Files.readString(preferences).startsWith(OURS))) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        Map<Integer, String> prints = fingerprints();
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        StringBuilder overrides = new StringBuilder("# PSM Certificate Override Settings file\n");
        prints.forEach((port, print) -> overrides
                .append(sheet.host())
                .append(':')
                .append(port)
                .append(":\t")
                .append(SHA_256)
                .append('\t')
                .append(print)
                .append("\t\n"));
        Files.writeString(directory.resolve("cert_override.txt"), overrides);
        Files.writeString(preferences, preferences());
    }

    private Map<Integer, String> fingerprints() throws IOException {
        Map<Integer, String> prints = new LinkedHashMap<>();
        for (String name : TLS_PORTS) {
            int port = port(name);
            prints.put(port, fingerprint(port));
        }
        return prints;
    }

    /** Of the certificate at a port, for which the demonstration's authority vouches. */
    private String fingerprint(int port) throws IOException {
        try (Socket plain = new Socket(sheet.host(), port)) {
            plain.setSoTimeout(PATIENCE_MILLIS);
            try (SSLSocket tls = (SSLSocket) TrustedAuthorities.context(Optional.of(Path.of(sheet.ca())), "demo")
                    .getSocketFactory()
                    .createSocket(plain, sheet.host(), port, true)) {
                SSLParameters named = tls.getSSLParameters();
                named.setEndpointIdentificationAlgorithm(
                        "HTTPS"); // RFC 9110 section 4.3.4: the name is the one we asked for
                tls.setSSLParameters(named);
                tls.startHandshake();
                Certificate certificate = tls.getSession().getPeerCertificates()[0];
                return HexFormat.ofDelimiter(":")
                        .withUpperCase()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
            }
        } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private int port(String name) throws IOException {
        Integer port = sheet.ports().get(name);
        if (port == null) {
            throw new IOException(ConnectionSheet.FILE + ": " + name + "?");
        }
        return port;
    }

    private String preferences() throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("mail.accountmanager.accounts", "account1,account2");
        all.put("mail.accountmanager.defaultaccount", "account1");
        all.put("mail.accountmanager.localfoldersserver", "server2");
        all.put("mail.account.account1.identities", "id1");
        all.put("mail.account.account1.server", "server1");
        all.put("mail.account.account2.server", "server2");
        reading(all);
        all.put("mail.server.server2.type", "none");
        all.put("mail.server.server2.hostname", "Local Folders");
        all.put("mail.server.server2.userName", "nobody");
        all.put("mail.server.server2.name", "Dossiers locaux");
        sending(all);
        book(all);
        quiet(all);
        StringBuilder text = new StringBuilder(OURS);
        all.forEach((name, value) -> text.append("user_pref(\"")
                .append(name)
                .append("\", ")
                .append(value instanceof String said ? quoted(said) : value)
                .append(");\n"));
        return text.toString();
    }

    private void reading(Map<String, Object> all) throws IOException {
        String server = "mail.server.server1.";
        all.put(server + "type", "imap");
        all.put(server + "hostname", sheet.host());
        all.put(server + "port", port("imaps"));
        all.put(server + "socketType", 3); // TLS from the first octet
        all.put(server + "authMethod", 3); // the password, inside TLS
        all.put(server + "userName", account.login());
        all.put(server + "name", account.address());
        all.put(server + "login_at_startup", true);
        all.put(server + "check_new_mail", true);
        all.put(server + "is_gmail", false);
    }

    private void sending(Map<String, Object> all) throws IOException {
        String identity = "mail.identity.id1.";
        all.put(identity + "fullName", account.name());
        all.put(identity + "useremail", account.address());
        all.put(identity + "organization", account.entity());
        all.put(identity + "smtpServer", "smtp1");
        all.put(identity + "valid", true);
        all.put(identity + "overrideGlobal_Pref", true);
        all.put(identity + "directoryServer", BOOK);
        all.put("mail.smtpservers", "smtp1");
        all.put("mail.smtp.defaultserver", "smtp1");
        String server = "mail.smtpserver.smtp1.";
        all.put(server + "hostname", sheet.host());
        all.put(server + "port", port("submissions"));
        all.put(server + "try_ssl", 3);
        all.put(server + "authMethod", 3);
        all.put(server + "username", account.login());
    }

    private void book(Map<String, Object> all) throws IOException {
        all.put(BOOK + ".description", "Annuaire " + sheet.domain());
        all.put(BOOK + ".dirType", 0);
        all.put(BOOK + ".filename", "ldap-annuaire.sqlite");
        all.put(BOOK + ".maxHits", 100);
        all.put(
                BOOK + ".uri",
                "ldaps://" + sheet.host() + ":" + port("ldaps") + "/" + sheet.ldapBase() + "??sub?(objectclass=*)");
        all.put(BOOK + ".auth.dn", account.dn());
        all.put("ldap_2.autoComplete.useDirectory", true);
        all.put("ldap_2.autoComplete.directoryServer", BOOK);
    }

    /** No questions, no advertisement, nothing fetched from outside at the first start. */
    private static void quiet(Map<String, Object> all) {
        all.put("mail.provider.suppress_dialog_on_startup", true);
        all.put("mail.spotlight.firstRunDone", true);
        all.put("mail.winsearch.firstRunDone", true);
        all.put("mail.shell.checkDefaultClient", false);
        all.put("mailnews.start_page.enabled", false);
        all.put("mailnews.start_page_override.mstone", "ignore");
        all.put("mail.rights.version", 1);
        all.put("app.donation.eoy.version.viewed", 999);
        all.put("app.update.enabled", false);
        all.put("datareporting.policy.dataSubmissionEnabled", false);
        all.put("datareporting.healthreport.uploadEnabled", false);
        all.put("toolkit.telemetry.enabled", false);
        all.put("extensions.update.enabled", false);
        all.put("network.connectivity-service.enabled", false);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + "\"";
    }
}

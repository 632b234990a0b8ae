package tg.gouv.messagerie.portal.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.language.Messages;

/**
 * How a device is set up, in words: what to do, one step after the other, and what to type where it is asked.
 *
 * @param title what it is about
 * @param steps sentences, in their order
 * @param settings what a program may ask for; only what this server offers
 */
public record DeviceGuide(Device device, String title, List<String> steps, List<Setting> settings) {
    public DeviceGuide {
        steps = List.copyOf(steps);
        settings = List.copyOf(settings);
    }

    /** What is set up. */
    public enum Device {
        /** Thunderbird on a computer. */
        THUNDERBIRD,
        /** A phone or tablet with Android: Thunderbird or K-9 Mail. */
        ANDROID,
        /** An iPhone, iPad or Mac. */
        APPLE,
        /** Outlook on a computer with Windows. */
        OUTLOOK,
        /** Any program that speaks IMAP and SMTP. */
        OTHER;

        /** As it is written in addresses of pages and in keys of texts. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The device of a word of an address. */
        public static Optional<Device> of(String word) {
            for (Device device : values()) {
                if (device.word().equals(word)) {
                    return Optional.of(device);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * What is typed where a program asks.
     *
     * @param label as people read it
     * @param value exactly, or a choice in the reader's language
     */
    public record Setting(String label, String value) {}

    /**
     * The guide for a device.
     *
     * @param address the reader's, if it is known
     * @param language French, or English
     */
    public static DeviceGuide of(
            Device device, ClientSettings settings, Optional<MailAddress> address, Locale language) {
        return new Words(device, settings, address, Messages.beside(DeviceGuide.class, language)).guide();
    }

    /** The same for who has just made the device's password: the step that says to make one is left out. */
    public DeviceGuide withPasswordMade() {
        return device == Device.APPLE ? new DeviceGuide(device, title, steps.subList(1, steps.size()), settings) : this;
    }

    /** What a guide is made of. */
    private record Words(Device device, ClientSettings offered, Optional<MailAddress> address, Messages messages) {
        DeviceGuide guide() {
            String word = device.word();
            List<String> steps = new ArrayList<>();
            for (int i = 1; messages.has(key(word, i)); i++) {
                steps.add(messages.text(key(word, i), who(), offered.host(), offered.publicUrl() + "/compte"));
            }
            return new DeviceGuide(
                    device, messages.text("guide." + word + ".title", offered.state()), steps, settings());
        }

        private static String key(String word, int number) {
            return "guide." + word + ".step." + number;
        }

        private String who() {
            return address.map(MailAddress::toString).orElseGet(() -> messages.text("guide.your-address"));
        }

        private List<Setting> settings() {
            List<Setting> all = new ArrayList<>();
            add(all, "user", who());
            add(all, "password", messages.text("guide.value.password"));
            server(all, "incoming", ClientService.IMAPS, ClientService.IMAP);
            server(all, "outgoing", ClientService.SUBMISSIONS, ClientService.SUBMISSION);
            if (device != Device.ANDROID) {
                offered.port(ClientService.LDAPS).ifPresent(port -> {
                    one(all, "directory", port, "tls");
                    offered.directoryBase().ifPresent(base -> add(all, "directory.base", base));
                });
            }
            if (device == Device.OTHER) {
                offered.port(ClientService.MANAGESIEVE).ifPresent(port -> one(all, "filters", port, "starttls"));
                add(all, "jmap", offered.jmapUrl());
            }
            return all;
        }

        /** One server: with TLS from the first byte, if it is served (RFC 8314 section 5.1). */
        private void server(List<Setting> all, String kind, ClientService encrypted, ClientService startTls) {
            offered.port(encrypted)
                    .ifPresentOrElse(
                            port -> one(all, kind, port, "tls"),
                            () -> offered.port(startTls).ifPresent(port -> one(all, kind, port, "starttls")));
        }

        private void one(List<Setting> all, String kind, int port, String security) {
            add(all, kind + ".server", offered.host());
            add(all, kind + ".port", Integer.toString(port));
            add(all, kind + ".security", messages.text("guide.value." + security));
        }

        private void add(List<Setting> all, String label, String value) {
            all.add(new Setting(messages.text("guide.label." + label), value));
        }
    }
}

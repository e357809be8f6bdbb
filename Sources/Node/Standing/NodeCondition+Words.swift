import Catalogue
import Foundation
import Store

extension NodeCondition {
    /// What is so, in a sentence.
    public var what: LocalizedText { filled(Self.words(code, role).what) }

    /// The next step: a button, a command, or whom to call.
    public var next: LocalizedText { filled(Self.words(code, role).next) }

    private func filled(_ text: LocalizedText) -> LocalizedText {
        var text = text
        let isVillage = role == .village
        let parent =
            switch role {
            case .village: LocalizedText(id: "hub", en: "the hub")
            case .hub: LocalizedText(id: "pusat", en: "the centre")
            case .centre: LocalizedText(id: "pengelola Simpul", en: "whoever maintains Simpul")
            }
        let known: [String: LocalizedText] = [
            "about": .both(about), "parent": parent,
            "Parent": LocalizedText(id: parent.id.capitalizedFirst, en: parent.en.capitalizedFirst),
            "machine": .both(isVillage ? "laptop" : "server"), "Machine": .both(isVillage ? "Laptop" : "Server"),
        ].merging(values) { $1 }
        for (name, value) in known {
            text.id = text.id.replacing("{\(name)}", with: value.id)
            text.en = text.en.replacing("{\(name)}", with: value.en)
        }
        // What is put in at the end may be empty.
        return LocalizedText(
            id: text.id.trimmingCharacters(in: .whitespaces), en: text.en.trimmingCharacters(in: .whitespaces))
    }

    typealias Words = (what: LocalizedText, next: LocalizedText)

    /// All sentences, in both languages. `{parent}` is the hub for a village, the centre for a hub.
    static func words(_ code: Code, _ role: Enrolment.Role) -> Words {
        let isVillage = role == .village
        func say(_ id: String, _ en: String, next idNext: String, _ enNext: String) -> Words {
            (LocalizedText(id: id, en: en), LocalizedText(id: idNext, en: enNext))
        }
        switch code {
        case .neverSynced:
            return say(
                "Belum pernah tersambung dengan {parent}.", "Never connected with {parent} yet.",
                next: "Sambungkan internet, lalu jalankan: simpul sync. Tanpa internet: simpul bundle export.",
                "Connect to the internet, then run: simpul sync. Without internet: simpul bundle export.")
        case .silent:
            return say(
                "Sudah {days} hari tidak tersambung dengan {parent}.", "No connection with {parent} for {days} days.",
                next:
                    "Semua catatan aman di sini. Sambungkan internet, lalu jalankan: simpul sync. Kalau tetap gagal, "
                    + "telepon {parent}.",
                "All records are safe here. Connect to the internet, then run: simpul sync. If it still fails, call "
                    + "{parent}.")
        case .noLine:
            return say(
                "Sinkron terakhir gagal: tidak ada sambungan internet, atau alamat {parent} tidak ditemukan.",
                "The last sync failed: no internet, or the address of {parent} was not found.",
                next: "Semua catatan aman di sini. Periksa sinyal atau Wi-Fi, lalu jalankan: simpul sync.",
                "All records are safe here. Check signal or Wi-Fi, then run: simpul sync.")
        case .serverOff:
            return say(
                "Sinkron terakhir gagal: server {parent} tidak menjawab.",
                "The last sync failed: the server of {parent} does not answer.",
                next:
                    "Semua catatan aman di sini. Coba lagi nanti: simpul sync. Kalau sampai besok masih begitu, "
                    + "telepon {parent}.",
                "All records are safe here. Try again later: simpul sync. If it is still so tomorrow, call {parent}.")
        case .lineCut:
            return say(
                "Sinkron terakhir terputus di tengah jalan.", "The last sync was cut half-way.",
                next:
                    "Yang sudah diterima {parent} tidak dikirim ulang; yang lain aman di sini. Jalankan lagi: simpul "
                    + "sync.",
                "What {parent} has is not sent again; the rest is safe here. Run again: simpul sync.")
        case .loginPage:
            return say(
                "Sinkron terakhir gagal: jaringan ini menjawab dengan halaman lain, mungkin halaman masuk Wi-Fi.",
                "The last sync failed: this network answered with another page, perhaps a Wi-Fi login.",
                next:
                    "Semua catatan aman di sini. Buka peramban, masuk ke Wi-Fi itu atau pakai jaringan lain, lalu "
                    + "jalankan: simpul sync.",
                "All records are safe here. Log in to that Wi-Fi in a browser or use another network, then run: "
                    + "simpul sync.")
        case .certificate:
            return say(
                "Sinkron terakhir dihentikan: server itu tidak terbukti server {parent}.",
                "The last sync was stopped: that server did not prove to be {parent}.",
                next:
                    "Tidak ada yang dikirim; semua catatan aman di sini. Pakai jaringan lain. Kalau tetap begitu, "
                    + "telepon {parent}: mungkin sertifikatnya baru.",
                "Nothing was sent; all records are safe here. Use another network. If it stays so, call {parent}: its "
                    + "certificate may be new.")
        case .certificateDate:
            return say(
                "Sinkron terakhir dihentikan: menurut jam {machine} ini sertifikat {parent} tidak berlaku.",
                "The last sync was stopped: by this {machine}'s clock the certificate of {parent} is not valid.",
                next:
                    "Semua catatan aman di sini. Periksa tanggal dan jam {machine} ini. Kalau sudah benar, telepon "
                    + "{parent}.",
                "All records are safe here. Check date and clock of this {machine}. If they are right, call {parent}.")
        case .serverBusy:
            return say(
                "Sinkron terakhir ditunda: server {parent} sedang sibuk.",
                "The last sync was put off: the server of {parent} is busy.",
                next: "Semua catatan aman di sini. Tunggu sebentar, lalu jalankan: simpul sync.",
                "All records are safe here. Wait a while, then run: simpul sync.")
        case .serverFull:
            return say(
                "Server {parent} tidak menerima catatan: disknya penuh.",
                "The server of {parent} takes no records: its disk is full.",
                next:
                    "Semua catatan aman di sini. Telepon {parent} supaya mengosongkan disknya; setelah itu jalankan: "
                    + "simpul sync.",
                "All records are safe here. Call {parent} to free its disk; then run: simpul sync.")
        case .revoked:
            return say(
                "{Machine} ini dicabut: {parent} tidak menerima sinkron darinya lagi.",
                "This {machine} is revoked: {parent} takes no sync from it any more.",
                next:
                    "Tidak ada yang hilang. Telepon {parent} dan minta undangan baru. Pasang di folder baru: simpul "
                    + "init --folder FOLDER-BARU --invite KODE. Bawa catatan dari sini ke {parent} dengan: simpul "
                    + "bundle export BERKAS.",
                "Nothing is lost. Call {parent} and ask for a new invitation. Set up in a new folder: simpul init "
                    + "--folder NEW-FOLDER --invite CODE. Carry the records from here to {parent} with: simpul bundle "
                    + "export FILE."
            )
        case .refused:
            return say(
                "{Parent} menolak {machine} ini.", "{Parent} refuses this {machine}.",
                next: "Semua catatan aman di sini. Telepon {parent} dan bacakan alasannya: {reason}",
                "All records are safe here. Call {parent} and read the reason to them: {reason}")
        case .syncFailed:
            return say(
                "Sinkron terakhir gagal.", "The last sync failed.",
                next:
                    "Semua catatan aman di sini. Jalankan lagi: simpul sync. Kalau tetap gagal, telepon {parent} dan "
                    + "bacakan alasannya: {reason}",
                "All records are safe here. Run again: simpul sync. If it still fails, call {parent} and read the "
                    + "reason to them: {reason}")
        case .recordsHeld:
            return say(
                "{n} catatan dari sini tertahan dan belum dihitung: {why}.",
                "{n} records from here are held up and not counted yet: {why}.",
                next:
                    "Tidak ada yang hilang dan tidak perlu dicatat ulang. Jalankan simpul sync; kalau besok masih "
                    + "tertahan, telepon {parent} dan sebutkan nama {machine} ini.",
                "Nothing is lost and nothing needs to be recorded again. Run simpul sync; if they are still held up "
                    + "tomorrow, call {parent} and name this {machine}.")
        case .clockWrong:
            return say(
                "Jam {machine} ini salah: {day}.", "The clock of this {machine} is wrong: {day}.",
                next: "Betulkan tanggal dan jam di pengaturan {machine} sebelum mencatat lagi.",
                "Set date and clock in the settings of the {machine} before recording more.")
        case .clockChanged:
            return say(
                "Jam {machine} berubah: sambungan terakhir tertulis {day}, padahal hari itu belum tiba.",
                "The clock of this {machine} was changed: the last contact is noted as {day}, which is still to come.",
                next:
                    "Periksa tanggal dan jam. Kalau sekarang sudah benar, jalankan simpul sync; pesan ini lalu hilang.",
                "Check date and clock. If they are right now, run simpul sync; then this message goes away.")
        case .locked:
            return isVillage
                ? say(
                    "Simpul ini terkunci: nama dan alamat tidak terbaca, dan mencatat orang belum bisa.",
                    "This node is locked: names and addresses cannot be read, and persons cannot be recorded.",
                    next:
                        "Buka di aplikasi atau dengan: simpul unlock. Lupa kata sandinya? Telepon hub, lalu jalankan: "
                        + "simpul recover.",
                    "Open it in the app or with: simpul unlock. Forgot the passphrase? Call the hub, then run: simpul "
                        + "recover.")
                : say(
                    "Simpul ini terkunci: nama dan alamat tidak terbaca; sinkron tetap berjalan.",
                    "This node is locked: names and addresses cannot be read; syncs go on.",
                    next:
                        "Buka di mesin ini dengan: simpul unlock. Lupa kata sandinya? Pakai kode di kertas: simpul "
                        + "recover.",
                    "Open it on this machine with: simpul unlock. Forgot the passphrase? Use the code on paper: "
                        + "simpul recover.")
        case .keyNotDeposited:
            return say(
                "Hub belum menerima kunci pemulihan untuk kata sandi simpul yang sekarang.",
                "The hub does not have the recovery key of the present passphrase yet.",
                next: "Jalankan simpul sync. Sebelum itu, kata sandi yang lupa tidak bisa dipulihkan.",
                "Run simpul sync. Before that, a forgotten passphrase cannot be recovered.")
        case .diskLow:
            return say(
                "Disk {machine} ini hampir penuh: tinggal {free} MB. Foto dan berkas tidak diterima lagi; catatan "
                    + "masih bisa.",
                "The disk of this {machine} is nearly full: {free} MB left. No more photos and files; records still "
                    + "fit.",
                next: "Kosongkan tempat: hapus unduhan atau film. Jangan menghapus apa pun di folder simpul.",
                "Free some space: delete downloads or films. Delete nothing in the folder of simpul.")
        case .diskFull:
            return say(
                "Disk {machine} ini penuh: tinggal {free} MB. Mencatat bisa gagal.",
                "The disk of this {machine} is full: {free} MB left. Recording may fail.",
                next:
                    "Kosongkan tempat sekarang, sebelum mencatat lagi. Jangan menghapus apa pun di folder simpul; "
                    + "yang sudah tersimpan aman.",
                "Free some space now, before recording more. Delete nothing in the folder of simpul; what was saved "
                    + "is safe.")
        case .attachmentsWaiting:
            return say(
                "{n} lampiran masih di sini dan belum sampai ke {parent}.",
                "{n} attachments are still here and have not reached {parent}.",
                next: "Lampiran dikirim setelah semua catatan. Biarkan tersambung dan jalankan: simpul sync.",
                "Attachments go after all records. Stay connected and run: simpul sync.")
        case .attachmentsRefused:
            return say(
                "{n} lampiran tidak diterima {parent}.", "{n} attachments were not taken by {parent}.",
                next:
                    "Lampirannya tetap di sini; lihat dengan simpul attachment list. Telepon {parent}: mungkin "
                    + "disknya penuh. Setelah itu: simpul sync.",
                "They are kept here; look with simpul attachment list. Call {parent}: its disk may be full. Then: "
                    + "simpul sync.")
        case .modelsBehind:
            return say(
                "Daftar dan angka belum memuat {n} catatan terbaru.",
                "Lists and figures do not hold the newest {n} records yet.",
                next:
                    "Tunggu sebentar: dikejar sendiri selagi aplikasi atau server berjalan, atau saat simpul query "
                    + "dijalankan.",
                "Wait a while: they catch up by themselves while the app or server runs, or when simpul query is run.")
        case .modelsDamaged:
            return say(
                "Daftar dan angka tidak bisa dibaca dengan benar. Catatan tetap utuh.",
                "Lists and figures cannot be read properly. The records are whole.",
                next:
                    "Tutup aplikasi atau server, jalankan: simpul rebuild, lalu buka lagi. Kalau tetap begitu, "
                    + "telepon {parent}. {reason}",
                "Close the app or server, run: simpul rebuild, then open it again. If it stays so, call {parent}. "
                    + "{reason}"
            )
        case .erasureRequested:
            return isVillage
                ? say(
                    "{n} permintaan hapus data menunggu jawaban hub; {hours}.",
                    "{n} requests for erasure wait for the hub; {hours}.",
                    next: "Jalankan simpul sync supaya hub menerimanya, lalu telepon hub.",
                    "Run simpul sync, so that the hub gets them, then call the hub.")
                : say(
                    "{n} permintaan hapus data belum dijawab; {hours}.",
                    "{n} requests for erasure are not answered; {hours}.",
                    next: "Buka menu Penghapusan, atau simpul erase --status; lalu hapus, atau tolak dengan alasan.",
                    "Open the page Erasure, or simpul erase --status; then erase, or refuse with a ground.")
        case .erasureDue:
            return say(
                "{n} penghapusan sedang berjalan; {hours}. Belum melaksanakan: {nodes}.",
                "{n} erasures are under way; {hours}. Not carried out yet: {nodes}.",
                next: "Yang belum melaksanakan harus sinkron: simpul sync. Kemajuannya: simpul erase --status.",
                "Those that have not must sync: simpul sync. Progress: simpul erase --status.")
        case .erasureOverdue:
            return isVillage
                ? say(
                    "{n} penghapusan lewat batas hukum 72 jam; {hours}.",
                    "{n} erasures are past the legal limit of 72 hours; {hours}.",
                    next: "Sambungkan internet dan jalankan sekarang: simpul sync. Lalu telepon hub.",
                    "Connect to the internet and run now: simpul sync. Then call the hub.")
                : say(
                    "{n} penghapusan lewat batas hukum 72 jam; {hours}. Belum: {nodes}.",
                    "{n} erasures are past the legal limit of 72 hours; {hours}. Missing: {nodes}.",
                    next:
                        "Buka menu Penghapusan, atau simpul erase --status. Telepon yang belum supaya sinkron; laptop "
                        + "yang hilang dicabut: simpul nodes revoke NAMA --epoch EPOCH --reason lost. Beri tahu "
                        + "petugas pelindungan data.",
                    "Open the page Erasure, or simpul erase --status. Call those that are missing to sync; revoke a "
                        + "laptop that is lost: simpul nodes revoke NAME --epoch EPOCH --reason lost. Tell the data "
                        + "protection officer."
                )
        case .copied:
            return say(
                "Folder ini salinan, atau ada salinan lain yang menulis dengan kuncinya.",
                "This folder is a copy, or another copy writes under its key.",
                next:
                    "Tidak ada yang hilang. Jalankan simpul sync: folder ini lalu mendapat kunci sendiri dan pesan "
                    + "ini hilang. Pakai satu saja dari kedua salinan itu.",
                "Nothing is lost. Run simpul sync: this folder then gets a key of its own, and this message goes "
                    + "away. Use only one of the two copies.")
        case .holding:
            return say(
                "Dipulihkan dari cadangan: belum mencatat apa pun sampai yang lain menjawab. Ditunggu: {nodes}.",
                "Restored from a backup: it writes nothing until the others have answered. Waiting for: {nodes}.",
                next:
                    "Jalankan servernya dan minta mereka sinkron. Yang tidak akan menjawab dilewati dengan: simpul "
                    + "resume --without-them --reason \"ALASAN\".",
                "Run its server and have them sync. Go on without those that never will: simpul resume --without-them "
                    + "--reason \"WHY\".")
        case .twoMachines:
            return say(
                "Kunci {about} dipakai dua mesin: {names}.", "The key of {about} is used by two machines: {names}.",
                next: "Tidak ada yang hilang. Tanyakan ke desa mana yang dipakai, dan simpan yang lain.",
                "Nothing is lost. Ask the village which one is used, and put the other away.")
        case .newEpoch:
            return say(
                "{about}: laptop yang disalin atau dipulihkan membuka epoch sendiri.",
                "{about}: a copied or restored laptop opened an epoch of its own.",
                next:
                    "Tanyakan ke desa. Kalau tidak ada yang tahu, cabut epoch itu saja: simpul nodes revoke {node} "
                    + "--epoch {epoch} --reason compromised.",
                "Ask the village. If nobody knows of it, revoke that epoch only: simpul nodes revoke {node} --epoch "
                    + "{epoch} --reason compromised.")
        case .fork:
            return say(
                "{about} punya dua riwayat: laptop dipulihkan dari cadangan atau disalin.",
                "{about} has two histories: a laptop was restored from a backup or copied.",
                next: isVillage
                    ? "Keduanya disimpan dan dihitung. Telepon hub: apakah disk ini disalin, atau dipulihkan dari "
                        + "cadangan?"
                    : "Keduanya disimpan dan dihitung. Tanyakan ke pemiliknya: apakah disknya disalin, atau "
                        + "dipulihkan dari cadangan?",
                isVillage
                    ? "Both are kept and counted. Call the hub: was this disk copied, or restored from a backup?"
                    : "Both are kept and counted. Ask its owner: was the disk copied, or restored from a backup?")
        case .receiptWentBack:
            return say(
                "Penerima menyatakan lebih sedikit catatan {about} daripada sebelumnya; mungkin dipulihkan dari "
                    + "cadangan.",
                "The holder states fewer records of {about} than before; it was probably restored from a backup.",
                next: "Catatannya dikirim lagi saat simpul sync, dan pesan ini lalu hilang.",
                "They are sent again with simpul sync, and then this message goes away.")
        case .restoreOverride:
            return say(
                "Simpul ini dipulihkan dan mencatat lagi sebelum semua menjawab. {reason}",
                "This node was restored and writes again before all have answered. {reason}",
                next: "Biarkan yang diam sinkron begitu bisa: catatan yang ada pada mereka kembali sendiri.",
                "Let those that were silent sync as soon as they can: what they hold comes back by itself.")
        case .clockAhead:
            return say(
                "Jam laptop {about} lebih maju daripada jam di sini.", "The clock of {about} is ahead of the one here.",
                next:
                    "Catatannya disimpan dan dihitung. Periksa jam di sini; kalau benar, minta {node} membetulkan jam "
                    + "laptopnya.",
                "Its records are kept and counted. Check the clock here; if it is right, ask {node} to set the "
                    + "laptop's."
            )
        case .foreignName:
            return say(
                "Ada yang mendaftarkan {about}: nama simpul di atasnya. Tidak dipercaya.",
                "Somebody enrolled {about}: the name of a node above. It is not believed.",
                next: "Telepon {parent} dan sebutkan nama itu.", "Call {parent} and name it. {reason}")
        case .earlyDiffers:
            return say(
                "Hub memperlihatkan catatan {about} mendahului log-nya, tetapi di log itu isinya lain.",
                "The hub showed a record of {about} ahead of its log that is another one there.",
                next: "Yang berlaku catatan di log; tidak ada yang hilang. Telepon hub dan tanyakan mengapa begitu.",
                "The log's own record counts; nothing is lost. Call the hub and ask how that came about.")
        case .other:
            return say(
                "Ada yang perlu dilihat operator: {about}.", "An operator should look at: {about}.",
                next: "Telepon {parent} dan bacakan: {reason}", "Call {parent} and read to them: {reason}")
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

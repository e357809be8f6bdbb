import Sync

extension LogStore: ExchangeStore {}
